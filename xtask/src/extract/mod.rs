//! `cargo xtask extract`: compares the data with the sources of a release, or the sources of two releases.

mod compare;
mod containerd;
mod eval;
mod go;
mod keys;
mod kubernetes;
mod moby;
mod packages;
mod source;
mod tags;

use std::path::{Path, PathBuf};

use crate::data::{self, ReleaseFile};
use packages::Packages;
use source::Git;

/// What to read.
struct Request<'a> {
    product: &'a str,
    repo: PathBuf,
    /// If none is given, the newest of each known release.
    tags: Vec<String>,
    /// Two tags to compare with each other, the older one first.
    pair: Option<[String; 2]>,
}

/// Reads upstream's sources at tags and prints rows that the data lacks, and rows that the sources do not have.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut request = parse(arguments)?;
    if let Some([old, new]) = &request.pair {
        let read = |tag: &str| {
            let mut git = Git::open(&request.repo, tag)?;
            tags::settings(request.product, tag, &mut Packages::new(&mut git))
        };
        let diff = tags::differences(&read(old)?, &read(new)?);
        println!("--- {old}\n+++ {new}\n{}{} differences", diff.text, diff.count);
        return Ok(());
    }
    if request.tags.is_empty() {
        request.tags = newest_of_each(root, request.product, &source::tags(&request.repo)?)?;
    }
    let mut differences = 0;
    for tag in &request.tags {
        let mut git = Git::open(&request.repo, tag)?;
        let mut packages = Packages::new(&mut git);
        let diff = match request.product {
            "containerd" => compare::containerd(root, tag, &mut packages)?,
            "moby" => compare::moby(root, tag, &mut packages)?,
            _ => compare::kubernetes(root, tag, &mut packages)?,
        };
        differences += diff.count;
        print!("{}", diff.text);
    }
    println!("{} tags, {differences} differences", request.tags.len());
    Ok(())
}

const USAGE: &str = "cargo xtask extract containerd|moby|kubernetes --repo PATH [--tag TAG]... [--compare OLD NEW]";

fn parse<'a>(arguments: &[&'a str]) -> Result<Request<'a>, String> {
    let [product @ ("containerd" | "moby" | "kubernetes"), rest @ ..] = arguments else { return Err(USAGE.into()) };
    let (mut repo, mut tags, mut pair) = (None, vec![], None);
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        let value = rest.next().ok_or(USAGE)?;
        match *option {
            "--repo" => repo = Some(PathBuf::from(value)),
            "--tag" => tags.push((*value).to_owned()),
            "--compare" => pair = Some([(*value).to_owned(), (*rest.next().ok_or(USAGE)?).to_owned()]),
            _ => return Err(USAGE.into()),
        }
    }
    let repo = repo.ok_or(USAGE)?;
    Ok(Request { product, repo, tags, pair })
}

/// The newest tag of each release in the data; a pre-release where there is no other tag.
fn newest_of_each(root: &Path, product: &str, all: &[String]) -> Result<Vec<String>, String> {
    let file: ReleaseFile = data::read(root, "releases.toml")?;
    let id = if product == "moby" { "docker" } else { product };
    let releases = file.product.into_iter().filter(|p| p.id == id).flat_map(|p| p.releases);
    let is_final = |tag: &&String| !["-rc", "-beta", "-alpha", "-tp"].iter().any(|mark| tag.contains(mark));
    let newest = |release: data::Release| {
        let of = |tag: &&String| compare::release_of(tag).starts_with(&format!("{}.", release.id));
        let last = all.iter().filter(of).rfind(is_final);
        last.or_else(|| all.iter().rfind(of)).cloned()
    };
    Ok(releases.filter_map(newest).collect())
}

#[cfg(test)]
mod tests;
