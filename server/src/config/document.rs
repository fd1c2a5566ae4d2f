//! What is written about the settings: the commented file, and the tables of the documents.

use clap::Arg;

use super::settings::{Declared, Fallback, declared};

const INTRODUCTION: &str = "\
# Vestibule's configuration. Every key with its default; lines beginning with `#:` have no default and show an example.
# The environment overrides the file, flags override the environment: see `vestibule --help`.
";

/// The widest line of the commented file.
const WIDTH: usize = 120;

/// The file with every key and its default, as a starting point.
pub(crate) fn commented_defaults() -> String {
    let mut text = INTRODUCTION.to_owned();
    let mut current = "";
    let settings = declared();
    for Declared { key, fallback, arg } in &settings {
        let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
        text.push('\n');
        if section != current {
            text.push_str(&format!("[{section}]\n"));
            current = section;
        }
        let (fact, entry) = match fallback {
            Fallback::Default { value, .. } => (String::new(), format!("{name} = {value}")),
            Fallback::Unset { means: "none", example } => (String::new(), format!("#: {name} = {example}")),
            Fallback::Unset { means, example } => (format!("Without it: {means}."), format!("#: {name} = {example}")),
        };
        text.push_str(&comment(arg, &fact));
        text.push_str(&entry);
        text.push('\n');
    }
    text
}

fn comment(arg: &Arg, fact: &str) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let all = arg.get_long_help().map(ToString::to_string).unwrap_or_else(|| help.clone());
    let more = all.strip_prefix(&help).unwrap_or_default().trim();
    let mut lines = String::new();
    let mut line = String::from("#");
    for word in format!("{help}. {more} {fact}").split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            lines.push_str(&format!("{line}\n"));
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    let separated = if is_list(arg) { ", separated by commas" } else { "" };
    format!("{lines}{line}\n# Environment: {}{separated}\n", variable(arg))
}

fn variable(arg: &Arg) -> String {
    arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn value_name(arg: &Arg) -> String {
    arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string).unwrap_or_default()
}

fn is_list(arg: &Arg) -> bool {
    value_name(arg) == "LIST"
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIGURATION: &str = include_str!("../../../docs/reference/configuration.md");
    const COMMAND_LINE: &str = include_str!("../../../docs/reference/command-line.md");

    fn flag(arg: &Arg) -> String {
        format!("`--{} {}`", arg.get_long().unwrap_or_default(), value_name(arg))
    }

    fn table_of_keys() -> String {
        let mut table = "| Key | Environment | Flag | Default |\n|---|---|---|---|\n".to_owned();
        for Declared { key, fallback, arg } in declared() {
            let default = match fallback {
                Fallback::Default { value: "[]", .. } => "none".to_owned(),
                Fallback::Default { value, means: None } => format!("`{}`", value.trim_matches('"')),
                Fallback::Default { value, means: Some(means) } => format!("`{value}`: {means}"),
                Fallback::Unset { means, .. } => means.to_owned(),
            };
            table.push_str(&format!("| `{key}` | `{}` | {} | {default} |\n", variable(&arg), flag(&arg)));
            if key == "key_file" {
                table.push_str("| – | `VESTIBULE_KEY` | – | the key itself; wins over `key_file` |\n");
            }
        }
        table
    }

    fn table_of_flags() -> String {
        let mut table = "| Option | Environment |\n|---|---|\n| `--config FILE` | `VESTIBULE_CONFIG` |\n".to_owned();
        for Declared { arg, .. } in declared() {
            table.push_str(&format!("| {} | `{}` |\n", flag(&arg), variable(&arg)));
        }
        table
    }

    #[test]
    fn the_documents_list_every_setting() {
        for (name, document, expected) in [
            ("docs/reference/configuration.md", CONFIGURATION, table_of_keys()),
            ("docs/reference/configuration.md", CONFIGURATION, format!("```toml\n{}```\n", commented_defaults())),
            ("docs/reference/command-line.md", COMMAND_LINE, table_of_flags()),
        ] {
            assert!(document.contains(&expected), "{name} should contain:\n{expected}");
        }
    }

    #[test]
    fn the_reference_explains_every_key() {
        for Declared { key, .. } in declared() {
            assert!(CONFIGURATION.contains(&format!("\n### `{key}`\n")), "{key} is missing");
        }
    }

    #[test]
    fn a_key_of_the_file_is_the_field_that_its_flag_fills() {
        use clap::FromArgMatches as _;
        use clap::{Args as _, Command};

        use crate::config::settings::Settings;

        let flags =
            declared().into_iter().filter(|one| matches!(one.fallback, Fallback::Default { .. })).flat_map(|one| {
                let Fallback::Default { value, .. } = one.fallback else { unreachable!("filtered") };
                [
                    format!("--{}", one.arg.get_long().unwrap_or_default()),
                    value.trim_matches(['"', '[', ']']).to_owned(),
                ]
            });
        let command = Settings::augment_args(Command::new("settings"));
        let matches = command.get_matches_from(std::iter::once("settings".to_owned()).chain(flags));
        let from_flags = Settings::from_arg_matches(&matches).expect("the defaults are values of flags");
        assert_eq!(format!("{from_flags:?}"), format!("{:?}", Settings::defaults()));
    }
}
