"""A cut as pictures that are made already: plates for editors and graders, and a reference movie."""
