module github.com/understudy-mock/understudy

go 1.26

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
