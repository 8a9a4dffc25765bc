"""The components that spaCy calls: encoder, entities, relations, statements."""
