package param

// Unchecked gives the decoder without its schema, to measure decoding alone.
func (d *Decoder) Unchecked() *Decoder {
	c := *d
	c.schema = nil
	return &c
}
