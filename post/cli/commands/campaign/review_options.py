"""The options of the command review."""

from __future__ import annotations

import typer

Films = typer.Option(None, "-o", "--out", help="Where `finish` writes the films; `out` beside the job.")
Host = typer.Option("127.0.0.1", "--host", help="The address to listen at; others need a sign-in.")
Port = typer.Option(0, "--port", min=0, max=65535, help="The port to listen at; 0 for any.")
Url = typer.Option("", "--url", help="The address that people open, such as https://review.example.")
Database = typer.Option("", "--database", help="postgresql://USER@HOST/NAME; else SQLite beside the job.")
Data = typer.Option(None, "--data", help="Where films are kept; `review-data` beside the job.")
Persons = typer.Option([], "--person", help="Print a sign-in link for this person of the people file.")
Guests = typer.Option([], "--guest", help="Print a sign-in link for a guest of this name.")
Enrol = typer.Option([], "--enrol", help="Print a link with which this person enrols a browser's key.")
ProxyHeader = typer.Option("", "--proxy-header", help="The header in which a reverse proxy names a person.")
ProxyFrom = typer.Option([], "--proxy-from", help="The proxy's address or network; no other is heard.")
Oidc = typer.Option("", "--oidc", help="The issuer of an OpenID provider that people sign in with.")
ClientId = typer.Option(
    "", "--client-id", help="This server's name at the provider; its secret is in ANSWERPRINT_OIDC_SECRET."
)
LetGuestsIn = typer.Option(
    False, "--guests", help="Let people in as guests whom the people file does not name."
)
