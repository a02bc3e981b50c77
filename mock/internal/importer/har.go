package importer

func (m *maker) har(files *inputs) {}
