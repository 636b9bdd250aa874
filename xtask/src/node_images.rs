//! `cargo xtask nodes`: nodes with the files of Debian's packages, without a fault and with many.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::test::{command, output, target_dir};

/// An image, below `cli/tests/debian`, and the package whose files it has.
const IMAGES: [(&str, &str); 2] = [("containerd", "containerd"), ("docker", "docker.io")];

/// Unpacks the packages' files, adds our own, and runs the tests on these nodes.
pub fn test(root: &Path) -> Result<(), String> {
    let folder = target_dir(root).join("debian-images");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&folder, &error)),
        _ => {}
    }
    for (image, package) in IMAGES {
        let image_folder = folder.join(image);
        fs::create_dir_all(&image_folder).map_err(|error| failed(&image_folder, &error))?;
        unpack(package, &target_dir(root).join("debian-packages"), &image_folder)?;
        let own = root.join("cli/tests/debian").join(image);
        command(Command::new("cp").arg("-RT").args([&own, &image_folder]))?;
    }
    let test = ["test", "--quiet", "--package", "crilint", "--test", "debian"];
    command(Command::new(env!("CARGO")).args(test).env("CRILINT_DEBIAN_IMAGES", &folder).current_dir(root))
}

/// Puts a package's configuration and units into an image, and its entry into the database of packages.
fn unpack(package: &str, downloads: &Path, image: &Path) -> Result<(), String> {
    fs::create_dir_all(downloads).map_err(|error| failed(downloads, &error))?;
    let file = match downloaded(package, downloads)? {
        Some(file) => file,
        None => {
            command(Command::new("apt-get").args(["update", "-qq"]))?;
            command(Command::new("apt-get").args(["download", "-qq", package]).current_dir(downloads))?;
            downloaded(package, downloads)?.ok_or_else(|| format!("apt-get did not download {package}"))?
        }
    };
    let unpack = r#"dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --wildcards './etc/*' './lib/systemd/*'"#;
    command(Command::new("sh").args(["-c", unpack, "sh"]).arg(&file).arg(image))?;
    let fields =
        output(Command::new("dpkg-deb").arg("--field").arg(&file).args(["Package", "Architecture", "Version"]))?;
    let database = image.join("var/lib/dpkg");
    fs::create_dir_all(&database).map_err(|error| failed(&database, &error))?;
    let status = database.join("status");
    fs::write(&status, format!("Status: install ok installed\n{fields}\n")).map_err(|error| failed(&status, &error))
}

/// The file of a package in a folder.
fn downloaded(package: &str, folder: &Path) -> Result<Option<std::path::PathBuf>, String> {
    let start = format!("{package}_");
    let files = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut paths = files.flatten().map(|file| file.path());
    Ok(paths.find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start))))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
