"""Surface: what pages, API, commands and jobs share: how does Permea look and speak?"""
