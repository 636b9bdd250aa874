//! `cargo xtask wasm`: the engine for JavaScript, as the npm package in `wasm/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::npm;
use crate::test::{cargo, command, output, target_dir};

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds `wasm/pkg` and checks that it keeps to `wasm/budget.toml`.
pub fn build(root: &Path) -> Result<(), String> {
    install_target()?;
    cargo(root, &["build", "--quiet", "-p", "crilint-wasm", "--target", TARGET, "--profile", "wasm"])?;
    let input = target_dir(root).join(TARGET).join("wasm/crilint_wasm.wasm");
    let wasm = root.join("wasm");
    npm::install(&wasm)?;
    let package = wasm.join("pkg");
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(&package).map_err(|e| format!("{}: {e}", package.display()))?;
    let scratch = target_dir(root).join("wasm-bindgen");
    for kind in ["nodejs", "bundler", "web"] {
        bind(&input, kind, &scratch.join(kind))?;
    }
    assemble(&scratch, &package)?;
    // No wasm-opt: it takes 5 % off the module and adds as much to what is sent, because the result compresses worse.
    command(Command::new("node").args(["tests/budget.mjs"]).current_dir(&wasm))
}

fn install_target() -> Result<(), String> {
    let installed = output(Command::new("rustup").args(["target", "list", "--installed"]))?;
    if installed.lines().any(|l| l == TARGET) {
        return Ok(());
    }
    command(Command::new("rustup").args(["target", "add", TARGET]))
}

fn bind(input: &Path, kind: &str, out: &Path) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name("crilint").typescript(true);
    bindgen.remove_name_section(true).remove_producers_section(true).omit_default_module_path(false);
    match kind {
        "nodejs" => bindgen.nodejs(true),
        "bundler" => bindgen.bundler(true),
        _ => bindgen.web(true),
    }
    .map_err(|e| e.to_string())?;
    bindgen.generate(out).map_err(|e| format!("wasm-bindgen for {kind}: {e:#}"))
}

/// One module for all three: they differ in the JavaScript around it only.
fn assemble(scratch: &Path, package: &Path) -> Result<(), String> {
    let module = |kind: &str| read(&scratch.join(kind).join("crilint_bg.wasm"));
    let shared = module("web")?;
    if module("nodejs")? != shared || module("bundler")? != shared {
        return Err("wasm-bindgen no longer writes the same module for every target".into());
    }
    let files = [
        ("web/crilint_bg.wasm", "crilint_bg.wasm"),
        ("web/crilint_bg.wasm.d.ts", "crilint_bg.wasm.d.ts"),
        ("web/crilint.js", "web.js"),
        ("web/crilint.d.ts", "web.d.ts"),
        ("bundler/crilint.js", "crilint.js"),
        ("bundler/crilint_bg.js", "crilint_bg.js"),
        ("bundler/crilint.d.ts", "crilint.d.ts"),
        // CommonJS in a package of modules.
        ("nodejs/crilint.js", "node.cjs"),
        ("nodejs/crilint.d.ts", "node.d.cts"),
    ];
    for (from, to) in files {
        let from: PathBuf = scratch.join(from);
        let to = package.join(to);
        fs::copy(&from, &to).map_err(|e| format!("{} to {}: {e}", from.display(), to.display()))?;
    }
    for name in ["web.js", "crilint_bg.js", "node.cjs"] {
        let path = package.join(name);
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let text =
            check_receivers(&text).ok_or_else(|| format!("{name}: wasm-bindgen writes methods in another way"))?;
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// Makes each method check its receiver. As generated, a `Workspace` that was freed throws "null pointer passed to
/// rust", and each such call leaves its frame on the stack of the module.
fn check_receivers(glue: &str) -> Option<String> {
    const CHECK: &str = "
function pointerOf(workspace) {
    if (!(workspace instanceof Workspace)) throw new TypeError('`this` is not a Workspace');
    if (!workspace.__wbg_ptr) throw new Error('this Workspace was freed');
    return workspace.__wbg_ptr;
}
";
    let checked = glue
        .replace("(this.__wbg_ptr", "(pointerOf(this)")
        .replace("const ptr = this.__wbg_ptr", "const ptr = pointerOf(this)");
    let calls = |text: &str, receiver: &str| text.matches(&format!("wasm.workspace_{receiver}")).count();
    let methods = glue.matches("= wasm.workspace_").count() - calls(glue, "new(");
    let found = checked.matches("pointerOf(this)").count();
    // One more for `free`.
    (found == methods + 1 && methods > 0).then(|| checked + CHECK)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
