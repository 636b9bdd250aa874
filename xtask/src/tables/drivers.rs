//! Docker's log drivers and storage drivers with their options.

use std::fmt::Write as _;

use super::output::{Output, removal};
use crate::data::{Driver, DriverFile, DriverOption};

const P: &str = "Docker";

impl Output {
    pub fn drivers(&mut self, file: &DriverFile) -> Result<(), String> {
        let mut options = vec![];
        for (name, drivers) in [("LOG_DRIVERS", &file.log_driver), ("STORAGE_DRIVERS", &file.storage_driver)] {
            let mut rows: Vec<&Driver> = drivers.iter().collect();
            rows.sort_by(|a, b| a.name.cmp(&b.name));
            let mut code = format!("pub(crate) static {name}: &[Driver] = &[\n");
            for driver in rows {
                let line = self.driver(driver, &mut options).map_err(|e| format!("{}: {e}", driver.name))?;
                let _ = writeln!(code, "    {line},");
            }
            self.code.push_str(&code);
            self.code.push_str("];\n\n");
        }
        for (name, rows) in [("LOG_PLUGINS", &file.log_plugin), ("SNAPSHOTTERS", &file.snapshotter)] {
            let mut names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
            names.sort_unstable();
            let _ = writeln!(self.code, "pub(crate) static {name}: &[&str] = &{names:?};\n");
        }
        let any = self.options(&file.any_log_driver, u128::MAX)?;
        for (name, rows) in [("ANY_LOG_OPTS", any), ("DRIVER_OPTS", options)] {
            let _ = writeln!(self.code, "pub(crate) static {name}: &[DriverOpt] = &[");
            for row in rows {
                let _ = writeln!(self.code, "    {row},");
            }
            self.code.push_str("];\n\n");
        }
        Ok(())
    }

    fn driver(&mut self, driver: &Driver, options: &mut Vec<String>) -> Result<String, String> {
        let releases = self.range(P, Some(&driver.since), driver.until.as_deref())?;
        let deprecated = self.part_from(P, driver.deprecated.as_deref(), releases)?;
        let checked = self.part_from(P, driver.names_checked.as_deref(), releases)?;
        let sets = [releases, deprecated, checked].map(|set| self.set(set));
        let removal = removal("", driver.removed_in.as_deref());
        let texts = [&driver.name, &driver.doc, &driver.note, &driver.source, &driver.unknown_message, &removal];
        let texts = texts.map(|text| self.text(text));
        let flags = [driver.ignore_case, driver.platform == "linux", driver.platform == "windows"];
        let flags = flags.iter().enumerate().fold(0, |all, (i, on)| all | u8::from(*on) << i);
        let first = options.len();
        options.extend(self.options(&driver.option, releases)?);
        Ok(format!("driver({texts:?}, {sets:?}, {first}, {}, {flags})", driver.option.len()))
    }

    /// The options of a driver that `within` have, by name.
    fn options(&mut self, options: &[DriverOption], within: u128) -> Result<Vec<String>, String> {
        let mut rows: Vec<&DriverOption> = options.iter().collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        rows.into_iter().map(|o| self.option(o, within).map_err(|e| format!("{}: {e}", o.name))).collect()
    }

    fn option(&mut self, option: &DriverOption, within: u128) -> Result<String, String> {
        let releases = self.range(P, option.since.as_deref(), option.until.as_deref())? & within;
        let deprecated = self.part_from(P, option.deprecated.as_deref(), releases)?;
        let sets = [releases, deprecated].map(|set| self.set(set));
        let checked = match option.checked.as_str() {
            "daemon start" => "DaemonStart",
            "container create" => "ContainerCreate",
            "container start" => "ContainerStart",
            "" => "DriverSetup",
            other => return Err(format!("unknown time of a check: {other:?}")),
        };
        let flags = u8::from(option.required) | u8::from(option.security) << 1;
        let texts = [
            option.name.as_str(),
            &option.doc,
            &option.values.join("|"),
            &option.default,
            &option.replaced_by,
            &option.conflicts.join("|"),
            &option.note,
        ]
        .map(|text| self.text(text));
        Ok(format!("opt({}, Checked::{checked}, {flags}, {texts:?}, {sets:?})", form(option)?))
    }
}

fn form(option: &DriverOption) -> Result<String, String> {
    let (min, max) = (option.min, option.max);
    Ok(match option.form.as_str() {
        "text" => "Form::Text".into(),
        "bool" => "Form::Bool".into(),
        "int" => format!("Form::Int({}, {})", border(min.unwrap_or(i32::MIN)), border(max.unwrap_or(i32::MAX))),
        "decimal-size" => format!("Form::DecimalSize({})", min.unwrap_or(0)),
        "ram-size" => "Form::RamSize".into(),
        "duration" => format!("Form::Duration({})", min.is_none()),
        "one-of" if !option.values.is_empty() => "Form::OneOf".into(),
        "regex" => "Form::Regex".into(),
        "template" => "Form::Template".into(),
        "names" => "Form::Names".into(),
        "path" => "Form::Path".into(),
        "address" => "Form::Address".into(),
        "presence" => "Form::Presence".into(),
        other => return Err(format!("unknown form {other:?}")),
    })
}

fn border(number: i32) -> String {
    match number {
        i32::MIN => "i32::MIN".into(),
        i32::MAX => "i32::MAX".into(),
        _ => number.to_string(),
    }
}
