from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import unescape

from post.preview.page import page_html


def test_the_page_is_one_file_that_asks_nobody_else() -> None:
    page = page_html("</title><script>alert(1)</script>", {"title": "</script>"}, {})
    assert "<script>alert" not in page
    assert page.count("</script>") == 2
    assert not re.search(r"(src|href)=(?!\"data:,\")|url\(|@import|https?://", page)
    policy = unescape(re.search(r'Security-Policy" content="([^"]*)"', page)[1])  # type: ignore[index]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[0]
        said = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{said}'" in policy
