package obligation

import (
	"encoding/json"
	"fmt"
)

// jsonColumn reads a JSON text column into a value.
type jsonColumn struct{ into any }

// Scan reads what jsonText wrote.
func (c jsonColumn) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), c.into)
	case []byte:
		return json.Unmarshal(v, c.into)
	}
	return fmt.Errorf("obligation: cannot read JSON from %T", v)
}

// jsonText encodes a value for a text column.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own types
	}
	return string(b)
}
