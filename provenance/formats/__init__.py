"""Parses the formats that manifests are in, of any file, within bounds.

bmff            boxes of ISO files (MP4, QuickTime); the header that JUMBF boxes share
sample_table    where each frame and packet is, and when it is presented
mp4_tags        text tags, and the box of XMP
media_type      what kind of file it is
manifest_store  the manifest stores in a file of any kind
c2pa_box        the uuid box in which an ISO file holds one
jumbf           the boxes of a store: its manifests, claims, signatures and assertions
cbor, der       the encodings inside them
limits          what a file may hold before a foreign library reads it
"""
