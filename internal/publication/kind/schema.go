package kind

// Schema is the JSON Schema (draft 2020-12) of the kind's fields, for the API.
func (k *Kind) Schema() map[string]any {
	s := objectSchema(k.Fields)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"], s["description"] = k.Label, k.Description
	return s
}

func objectSchema(fields []Field) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fields {
		properties[f.Key] = f.schema()
		if f.Required {
			required = append(required, f.Key)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// schemaTypes spells the types that need no more than a word or two.
var schemaTypes = map[FieldType]map[string]any{
	TypeText:     {"type": "string", "pattern": `^[^\n\r]*$`},
	TypeUnit:     {"type": "string", "pattern": `^[^\n\r]*$`},
	TypeLongText: {"type": "string"},
	TypeDate:     {"type": "string", "format": "date"},
	TypeNumber:   {"type": "number"},
	TypeInteger:  {"type": "integer"},
	TypeURL:      {"type": "string", "format": "uri-reference"},
	TypeList:     {"type": "array", "items": map[string]any{"type": "string"}},
}

func (f Field) schema() map[string]any {
	s := map[string]any{"title": f.Label}
	for k, v := range schemaTypes[f.Type] {
		s[k] = v
	}
	switch f.Type {
	case TypeChoice:
		s["type"], s["enum"] = "string", f.Choices
	case TypeTable:
		s["type"], s["items"] = "array", objectSchema(f.Columns)
	}
	if f.Help != "" {
		s["description"] = f.Help
	}
	return s
}
