"""The documentation site: the pages that are made from the code, and links that leave `docs/`.

`properdocs.yml` names :mod:`include.documentation.site` as its hook. Imports anything that it
describes; nothing imports it.
"""
