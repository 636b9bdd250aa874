//! What `--fix` does to files on disk: all of it or nothing, and never beside what was asked.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;

use rustix::fs::{FlockOperation, XattrFlags, flock, getxattr, setxattr};

use crate::sandbox::{BAD, GOOD, MAIN, Sandbox};

const FIX: &str = "--fix --unsafe-fixes";
const LEFTOVER: &str = "etc/containerd/.config.toml.crilint-0123456789abcdef";

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_fixed_file_keeps_its_mode_owner_and_attributes() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    let path = sandbox.path(MAIN);
    // Only root may give a file away; for others the owner is their own before and after.
    let _ = chown(&path, Some(12), Some(34));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    setxattr(&path, "user.made-by", b"image builder", XattrFlags::empty()).unwrap();
    let before = path.metadata().unwrap();
    sandbox.run(&format!(". {FIX}"));
    assert_eq!(sandbox.read(MAIN), GOOD);
    let after = path.metadata().unwrap();
    let kept = |about: &fs::Metadata| (about.mode(), about.uid(), about.gid());
    assert_eq!(kept(&after), kept(&before));
    assert_ne!(after.ino(), before.ino(), "the file is a new one");
    let mut value = [0_u8; 64];
    let len = getxattr(&path, "user.made-by", value.as_mut_slice()).unwrap();
    assert_eq!(&value[..len], b"image builder");
    assert_eq!(names(path.parent().unwrap()), ["config.toml"]);
}

#[test]
fn a_fixed_file_gets_no_access_list_from_its_folder() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    let path = sandbox.path(MAIN);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    // Version 2; owner, user 1000, group, mask, others: each a tag, rights and an id. Source: acl(5).
    let entries: [(u16, u16, u32); 5] =
        [(1, 7, u32::MAX), (2, 6, 1000), (4, 5, u32::MAX), (0x10, 7, u32::MAX), (0x20, 0, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        list.extend(tag.to_le_bytes().into_iter().chain(rights.to_le_bytes()).chain(id.to_le_bytes()));
    }
    setxattr(path.parent().unwrap(), "system.posix_acl_default", &list, XattrFlags::empty()).unwrap();
    sandbox.run(&format!(". {FIX}"));
    assert_eq!(sandbox.read(MAIN), GOOD);
    let mut value = [0_u8; 64];
    assert!(getxattr(&path, "system.posix_acl_access", value.as_mut_slice()).is_err(), "user 1000 may not read it");
    assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o640);
}

#[test]
fn a_file_whose_owner_cannot_be_kept_is_refused() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    // In the new user namespace, root may write the file of another user but cannot give a file to that user.
    let run = sandbox.shell(&format!(
        "[ $(id -u) = 0 ] || exit 99
         chown 12:34 {MAIN}; chmod 666 {MAIN}; chmod 777 etc/containerd
         setpriv --reuid 65534 --clear-groups $CRILINT {FIX} {MAIN}"
    ));
    if run.code == 99 {
        // Without root there is no file of another user to make.
        assert!(rustix::process::getuid().as_raw() != 0);
        return;
    }
    assert!(run.stderr.contains("not written: its owner 12:34 cannot be kept"), "{run}");
    assert_eq!((run.code, sandbox.read(MAIN)), (2, BAD.to_owned()));
    assert_eq!(names(sandbox.path(MAIN).parent().unwrap()), ["config.toml"]);
}

#[test]
fn a_file_with_two_names_is_refused() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    fs::hard_link(sandbox.path(MAIN), sandbox.path("other")).unwrap();
    let run = sandbox.run(&format!(". {FIX}"));
    assert!(run.stderr.contains("etc/containerd/config.toml: not written: it has 2 hard links"), "{run}");
    assert!(run.stdout.contains("stream-server-exposed"), "the finding is still reported: {run}");
    assert_eq!((run.code, sandbox.read(MAIN), sandbox.read("other")), (2, BAD.to_owned(), BAD.to_owned()));
}

#[test]
fn a_file_that_is_mounted_on_its_own_is_refused() {
    let sandbox = Sandbox::new(&[(MAIN, BAD), ("other", BAD)]);
    let run = sandbox.with_mounts(&format!("mount --bind other {MAIN}; $CRILINT . {FIX}"));
    assert!(run.stderr.contains("not written: it is mounted on its own"), "{run}");
    assert_eq!((run.code, sandbox.read(MAIN), sandbox.read("other")), (2, BAD.to_owned(), BAD.to_owned()));
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    let sandbox = Sandbox::new(&[("old", BAD)]);
    fs::create_dir_all(sandbox.path("etc/containerd")).unwrap();
    // Writing the filler fails, which is what fills the disk.
    let script = format!(
        "mount -t tmpfs -o size=8k none etc/containerd; cp old {MAIN}
         head -c 100000 /dev/zero > etc/containerd/filler 2>/dev/null || true
         $CRILINT . {FIX} || echo exit $?; cmp old {MAIN} && echo whole; ls -A etc/containerd"
    );
    let run = sandbox.with_mounts(&script);
    assert!(run.stderr.contains("etc/containerd/config.toml: cannot be written: no space left"), "{run}");
    assert!(run.stdout.ends_with("exit 2\nwhole\nconfig.toml\nfiller\n"), "{run}");
}

#[test]
fn a_file_size_limit_leaves_the_old_file() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    let run = sandbox.shell(&format!("ulimit -f 0; exec $CRILINT . {FIX}"));
    assert!(run.stderr.contains("larger than the file size limit of this process (ulimit -f)"), "{run}");
    assert_eq!((run.code, sandbox.read(MAIN)), (2, BAD.to_owned()));
    assert_eq!(names(sandbox.path(MAIN).parent().unwrap()), ["config.toml"]);
}

#[test]
fn a_read_only_folder_leaves_the_old_file() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    let mount = "mount --bind etc/containerd etc/containerd; mount -o remount,ro,bind etc/containerd";
    let run = sandbox.with_mounts(&format!("{mount}; $CRILINT . {FIX}"));
    assert!(
        run.stderr.contains("etc/containerd/config.toml: cannot be written: the file system is read-only"),
        "{run}"
    );
    assert_eq!((run.code, sandbox.read(MAIN)), (2, BAD.to_owned()));
}

#[test]
fn a_link_is_followed_inside_the_folder_and_refused_beyond() {
    let sandbox = Sandbox::new(&[("image/files/config.toml", BAD), ("outside.toml", BAD)]);
    for folder in ["image/etc/containerd", "image/etc/containerd/conf.d"] {
        fs::create_dir_all(sandbox.path(folder)).unwrap();
    }
    symlink("../../files/config.toml", sandbox.path("image").join(MAIN)).unwrap();
    symlink("../../../../outside.toml", sandbox.path("image/etc/containerd/conf.d/a.toml")).unwrap();
    let run = sandbox.run(&format!("image {FIX}"));
    assert!(run.stderr.contains("image/etc/containerd/conf.d/a.toml: not written: it is a link to "), "{run}");
    assert!(run.stderr.contains("outside.toml, which is outside image"), "{run}");
    // The other file is a drop-in, which the main file then imports.
    let fixed = sandbox.read("image/files/config.toml");
    assert!(fixed.starts_with("imports = ") && fixed.ends_with(GOOD), "{fixed}");
    assert_eq!(sandbox.read("outside.toml"), BAD);
    assert!(sandbox.path("image").join(MAIN).is_symlink(), "the link stays a link");
}

#[test]
fn a_link_that_is_named_is_followed() {
    let sandbox = Sandbox::new(&[("real/etc/containerd/config.toml", BAD)]);
    symlink("real/etc/containerd/config.toml", sandbox.path("config.toml")).unwrap();
    sandbox.run(&format!("config.toml --kind containerd {FIX}"));
    assert_eq!(sandbox.read("real/etc/containerd/config.toml"), GOOD);
    assert!(sandbox.path("config.toml").is_symlink());
}

#[test]
fn nothing_outside_an_image_is_read_or_written() {
    for (link, target) in [
        ("etc/containerd", "OUTSIDE"),
        ("etc/containerd", "../../outside"),
        ("etc", "OUTSIDE/.."),
        ("etc/containerd/config.toml", "OUTSIDE/config.toml"),
        ("etc/containerd/config.toml", "../../../outside/config.toml"),
        ("etc/containerd/config.toml", "/chain"),
    ] {
        let sandbox = Sandbox::new(&[("outside/config.toml", BAD), ("image/etc/docker/daemon.json", "{}\n")]);
        let outside = sandbox.path("outside");
        let target = target.replace("OUTSIDE", outside.to_str().unwrap());
        let place = sandbox.path("image").join(link);
        if link == "etc" {
            fs::rename(&place, sandbox.path("image/old")).unwrap();
        }
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(&target, &place).unwrap();
        symlink(outside.join("config.toml"), sandbox.path("image/chain")).unwrap();
        let run = sandbox.run(&format!("--root image {FIX}"));
        assert!(!run.to_string().contains("stream-server-exposed"), "{link} -> {target}: {run}");
        assert!(run.stderr.contains("a link whose target does not exist below this root"), "{link} -> {target}: {run}");
        assert_eq!(sandbox.read("outside/config.toml"), BAD, "{link} -> {target}");
    }
}

#[test]
fn links_of_an_image_mean_files_of_the_image() {
    for (link, target) in [
        ("etc/containerd", "/opt/containerd"),
        ("etc/containerd", "../opt/containerd"),
        ("etc/containerd", "../../../../../../../opt/containerd"),
        ("etc/containerd", "/link"),
        ("etc/containerd/config.toml", "/opt/containerd/config.toml"),
        ("etc/containerd/config.toml", "/link/config.toml"),
    ] {
        let sandbox = Sandbox::new(&[("image/opt/containerd/config.toml", BAD)]);
        let place = sandbox.path("image").join(link);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(target, &place).unwrap();
        symlink("opt/containerd", sandbox.path("image/link")).unwrap();
        let run = sandbox.run("--root image -f short");
        assert!(run.stdout.starts_with("image/etc/containerd/config.toml:3:"), "{link} -> {target}: {run}");
        sandbox.run(&format!("--root image {FIX}"));
        assert_eq!(sandbox.read("image/opt/containerd/config.toml"), GOOD, "{link} -> {target}");
        assert!(place.is_symlink());
    }
}

#[test]
fn leftovers_of_killed_runs_are_removed() {
    let sandbox = Sandbox::new(&[(MAIN, BAD), (LEFTOVER, "half"), ("etc/containerd/.config.toml.crilint-mine", "")]);
    sandbox.run(&format!(". {FIX}"));
    let left = names(sandbox.path(MAIN).parent().unwrap());
    assert_eq!(left, [".config.toml.crilint-mine", "config.toml"]);
}

#[test]
fn the_temporary_file_of_a_run_at_work_stays() {
    let sandbox = Sandbox::new(&[(MAIN, BAD), (LEFTOVER, "at work")]);
    let file = File::open(sandbox.path(LEFTOVER)).unwrap();
    flock(&file, FlockOperation::LockExclusive).unwrap();
    sandbox.run(&format!(". {FIX}"));
    assert_eq!((sandbox.read(MAIN), sandbox.read(LEFTOVER)), (GOOD.to_owned(), "at work".to_owned()));
}

#[test]
fn this_node_is_changed_only_when_confirmed() {
    let sandbox = Sandbox::new(&[("config.toml", BAD)]);
    let run = sandbox.run("--fix");
    assert!(run.code == 2 && run.stderr.contains("add --yes to confirm"), "{run}");
    assert_eq!(sandbox.run("--yes").code, 2, "alone it means nothing");
    for root in ["/", "//", "/proc/self/root/", "/etc/.."] {
        let run = sandbox.run(&format!("--fix --root {root}"));
        assert!(run.code == 2 && run.stderr.contains("add --yes to confirm"), "{root}: {run}");
    }
    // A machine of its own: its /etc holds one file.
    let node = "mount -t tmpfs none /etc; mkdir /etc/containerd; cp config.toml /etc/containerd/";
    // The program ends with 1 where a finding is left; what counts is the file.
    let on_terminal = |answer: &str| {
        let crilint = format!("echo {answer} | script -qec \"$CRILINT {FIX}\" /dev/null");
        sandbox.with_mounts(&format!("{node}; {crilint} || true; cat /etc/containerd/config.toml"))
    };
    for (answer, text) in [("y", GOOD), ("n", BAD), ("", BAD)] {
        let run = on_terminal(answer);
        let asked = run.stdout.contains("/etc/containerd/config.toml") && run.stdout.contains("Write them? [y/N]");
        assert!(asked && run.stdout.ends_with(text), "{answer}: {run}");
    }
    let run = sandbox.with_mounts(&format!("{node}; $CRILINT {FIX} --yes; cat /etc/containerd/config.toml"));
    assert!(run.stdout.ends_with(GOOD), "{run}");
}

/// Stops the program by a signal at a random moment while it fixes many files, again and again.
fn stopped_by(signal: &str) -> Sandbox {
    const FILES: usize = 200;
    const RUNS: usize = 50;
    let sandbox = Sandbox::new(&[]);
    let path = |i: usize| format!("n{i:03}/etc/containerd/config.toml");
    let (mut old, mut new, mut stopped) = (0, 0, 0);
    for run in 0..RUNS {
        (0..FILES).for_each(|i| sandbox.write(&path(i), BAD));
        // From the first file that is written on, up to some milliseconds, another number in each run.
        let delay = (run * 7919) % 61;
        let is_unwritten = "cmp -s n000/etc/containerd/config.toml n199/etc/containerd/config.toml";
        // Waiting gives the signal as the exit code, which is meant.
        let script = format!(
            "$CRILINT . {FIX} --quiet >/dev/null 2>&1 & pid=$!
             while {is_unwritten} && kill -0 $pid 2>/dev/null; do :; done
             sleep 0.0{delay:02}; kill -{signal} $pid 2>/dev/null && echo stopped; wait $pid || true"
        );
        stopped += usize::from(sandbox.shell(&script).stdout.contains("stopped"));
        for i in 0..FILES {
            match sandbox.read(&path(i)).as_str() {
                BAD => old += 1,
                GOOD => new += 1,
                other => panic!("neither old nor new: {other:?}"),
            }
        }
    }
    println!("SIG{signal}: {RUNS} runs over {FILES} files, {stopped} stopped, {old} files old, {new} files new");
    assert!(old > 0 && new > 0 && stopped > 0, "{stopped} stopped, {old} old, {new} new");
    sandbox
}

fn leftovers(sandbox: &Sandbox) -> usize {
    let folders = names(&sandbox.path("")).into_iter().map(|node| sandbox.path(&node).join("etc/containerd"));
    folders.map(|folder| names(&folder).len() - 1).sum()
}

#[test]
fn a_killed_run_leaves_every_file_old_or_new() {
    let sandbox = stopped_by("KILL");
    // What the kills left behind goes with the next run.
    for node in names(&sandbox.path("")) {
        sandbox.write(&format!("{node}/{MAIN}"), BAD);
    }
    sandbox.run(&format!(". {FIX}"));
    assert_eq!(leftovers(&sandbox), 0);
}

#[test]
fn an_interrupted_run_leaves_every_file_old_or_new_and_nothing_beside() {
    assert_eq!(leftovers(&stopped_by("INT")), 0);
}

/// A device that never ends, a FIFO without a writer and a sparse file of 3 GB, in the place of crilint.toml.
#[test]
fn settings_are_read_from_a_regular_file_of_bounded_size() {
    let sandbox = Sandbox::new(&[(MAIN, GOOD)]);
    assert!(sandbox.run(". --config /dev/zero").stderr.contains("/dev/zero: not a regular file"));
    let fifo = sandbox.shell(&format!("mkfifo pipe; $CRILINT {MAIN} --config pipe"));
    assert!(fifo.code == 2 && fifo.stderr.contains("pipe: not a regular file"), "{fifo}");
    let large = sandbox.shell("truncate -s 3G crilint.toml; $CRILINT .");
    assert!(large.code == 2 && large.stderr.contains("crilint.toml: larger than 1 MiB"), "{large}");
}

#[test]
fn files_that_are_not_regular_are_never_waited_for() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.shell(
        "mkdir -p a/etc/containerd; ln -s /proc/kmsg a/etc/containerd/config.toml; mkfifo a/etc/containerd/b.toml
         ln -s /dev/zero a/etc/containerd/c.toml; $CRILINT a || echo $?; $CRILINT --kind containerd /proc/kmsg || echo $?",
    );
    assert!(run.stderr.contains("a/etc/containerd/config.toml: not a regular file"), "{run}");
    assert!(run.stdout.ends_with("2\n2\n"), "{run}");
}

#[test]
fn settings_inside_an_image_do_not_silence_its_audit() {
    let silence = "ignore = ['all']\n";
    let sandbox = Sandbox::new(&[(&format!("image/{MAIN}"), BAD), ("image/crilint.toml", silence)]);
    let inside = sandbox.path("image/etc");
    for (folder, root) in [(sandbox.path(""), "image"), (sandbox.path("image"), "."), (inside, "..")] {
        let run = sandbox.run_in(&folder, &format!("--root {root} -f short"), "");
        assert!(run.stdout.contains("stream-server-exposed"), "{root}: {run}");
    }
    assert!(sandbox.run("--root image --config image/crilint.toml -f short").stdout.is_empty());
    sandbox.write("crilint.toml", silence);
    assert!(sandbox.run("--root image -f short").stdout.is_empty(), "the one outside counts");
}
