# Thin on purpose: every line can be typed by hand. What the steps need is installed by scripts/bootstrap.
.PHONY: run portal test test-further test-host test-ad test-389 fuzz-api bench fmt

# Builds the portal and the server, and serves them on 127.0.0.1:8080 with SQLite in ./data/.
run: portal
	cargo build --release -p vestibule
	exec "$$(scripts/target-dir)/release/vestibule" serve

# The browser side, into server/dist, where the server's build takes it from. Nothing happens when nothing changed.
portal:
	scripts/bootstrap portal
	scripts/build-portal

# Everything that a change can break.
test:
	scripts/bootstrap tests
	scripts/test

# What CI runs besides, since it needs builds of its own: exported spans, and test-host.
test-further: portal
	scripts/bootstrap tests
	scripts/test further

# An application of its own that embeds the packaged crates: portal below a path, dialects elsewhere, its own sign-in.
test-host: portal
	scripts/test-host

# Synchronisation with Samba's domain controller and with 389 Directory Server, as root.
test-ad:
	scripts/test-ad

test-389:
	scripts/test-389

# Much more of what scripts/test asks the APIs, differently each time.
fuzz-api:
	scripts/bootstrap tests
	scripts/fuzz-api --long

# Figures as ratios within one run (docs/benchmarks.md).
bench: portal
	scripts/bench

fmt:
	cargo fmt --all
