"""The table of a job's keys, which reads jobs, checks them, documents them and makes their JSON schema."""
