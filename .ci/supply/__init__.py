"""What the product is made of: the locks, the licences of what they name, and the list of it all (SBOM)."""
