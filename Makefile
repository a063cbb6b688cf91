# Everything a person or CI does with the checkout. `make run` and `make test` set up what they need.
SHELL := /bin/bash
export CGO_ENABLED := 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -ldflags "-s -w -X main.version=$(VERSION)"
PLATFORMS := linux/amd64 linux/arm64 linux/loong64

.PHONY: run build test check bench cross format clean

run: build ## set up and serve the demo city on the embedded store
	./bin/gongkai serve --demo

build:
	@mkdir -p bin
	go build $(LDFLAGS) -o bin/gongkai ./cmd/gongkai

test: ## everything, on SQLite and PostgreSQL, and in a browser
	scripts/with-browser scripts/with-postgres go test -timeout 25m ./...

check: ## what CI checks beside the tests
	scripts/check

bench: ## the figures of docs/figures.md, measured here
	scripts/bench

cross:
	@mkdir -p dist
	@for p in $(PLATFORMS); do \
	  echo "dist/gongkai-$${p#*/}"; \
	  GOOS=$${p%/*} GOARCH=$${p#*/} go build -trimpath $(LDFLAGS) -o dist/gongkai-$${p#*/} ./cmd/gongkai || exit 1; done

format:
	gofmt -w cmd internal

clean:
	rm -rf bin dist
