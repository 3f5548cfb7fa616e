"""Answers agents over the Model Context Protocol: plan, check, status and verify. It never approves, signs or finishes.

server        the four tools, their progress and their cancelling
folders       the folders that an agent may name files in, after links are followed
confined      what runs in a worker: it opens nothing outside of those folders
asking        what each tool does
answers       what each tool returns, within bounds
run_folder    what lies in a folder of films
"""
