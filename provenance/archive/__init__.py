"""Holds the record of a film for auditors: a BagIt bag with RO-Crate metadata, which is checked without anything else.

bag_path      paths as manifests write them, and which of them lead out of a bag
tag_file      bagit.txt, bag-info.txt, manifests, fetch.txt
read_bag      reads and checks a bag; bag_files: what lies in its folder
write_bag     writes one, whole or not at all
crate         RO-Crate metadata: which prompt made which take, which takes made which film
commitment    keeps a redacted prompt provable, without its words
retention     how long an archive is kept, and who holds it
"""
