"""A request for each operation of the OpenAPI document, with a plausible value for every parameter."""

import json
import re

NAMED = {
    "email": "osoba@urzad.example", "tzid": "Europe/Warsaw", "starts_at": "2027-03-01T10:00:00+01:00",
    "ends_at": "2027-03-01T12:00:00+01:00", "opens_at": "2026-11-01T10:00:00+01:00", "from": "2027-01-01",
    "closes_at": "2027-02-20T10:00:00+01:00", "to": "2027-12-31", "institution": "2466011", "teryt": "2466011",
    "first": "2027-03-02", "time": "10:00", "full_name": "Jan Próbny", "q": "woda", "limit": 5,
}
MOST_DEPTH = 6


def resolve(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def sample(document, schema, name="", depth=0):
    schema = resolve(document, schema)
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            real = [one for one in schema[choice] if resolve(document, one).get("type") != "null"]
            return sample(document, real[0], name, depth)
    if "allOf" in schema:
        merged = {}
        for part in schema["allOf"]:
            merged.update(sample(document, part, name, depth))
        return merged
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type", "string")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object":
        fields = schema.get("properties", {}) if depth < MOST_DEPTH else {}
        return {key: sample(document, value, key, depth + 1) for key, value in fields.items()}
    if kind == "array":
        return [sample(document, schema.get("items", {}), name, depth + 1)] if depth < MOST_DEPTH else []
    if kind in ("integer", "number"):
        return NAMED.get(name, max(1, schema.get("minimum", 1)))
    if kind == "boolean":
        return True
    if "url" in name:
        return "https://example.org/a"
    if schema.get("format") == "date":
        return "2027-03-01"
    return NAMED.get(name, "próba")


def operations(document):
    """[(method, path with values, {query}, body or None, [names of the parameters])]"""
    found = []
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            parameters = [resolve(document, one)
                          for one in methods.get("parameters", []) + operation.get("parameters", [])]
            query = {one["name"]: sample(document, one["schema"], one["name"])
                     for one in parameters if one["in"] == "query"}
            body = None
            content = resolve(document, operation.get("requestBody", {})).get("content", {})
            if "application/json" in content:
                body = sample(document, content["application/json"]["schema"])
            names = re.findall(r"{(\w+)}", path)
            found.append((method.upper(), path, names, query, json.dumps(body) if body is not None else None))
    return found
