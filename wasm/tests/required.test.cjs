"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { Workspace } = require("crilint-wasm");

test("the package can be required", () => {
  const workspace = new Workspace();
  workspace.set("/etc/containerd/config.toml", "[");
  assert.equal(workspace.check().findings[0].severity, "error");
});
