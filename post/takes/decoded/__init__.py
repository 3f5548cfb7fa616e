"""What is done to a frame as it is decoded, before anybody sees it, and what is read of how to show it.

pixel_format   what a pixel format holds
tagless        takes colour tags off, which swscale would stumble over
cropping       cuts away what a file says is no picture
scale_names    names matrices and ranges as FFmpeg's `scale` does
transparency   lays what is clear over black
orientation    reads a display matrix: one of eight ways to lay a picture down
"""
