//! The table that a run ends with.

/// What a figure must be.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Measured for information.
    None,
}

/// How a figure is written.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// Of a whole, `61 %`.
    Percent,
    /// How many times as much, `1.2 ×`.
    Times,
    Milliseconds,
    Microseconds,
    /// A million bytes.
    Megabytes,
    /// A thousand bytes.
    Kilobytes,
    PerSecond,
    /// So many.
    Count,
}

impl Unit {
    fn write(self, value: f64) -> String {
        match self {
            Self::Percent => format!("{value:.0} %"),
            Self::Times => format!("{value:.2} ×"),
            Self::Milliseconds => format!("{value:.1} ms"),
            Self::Microseconds => format!("{value:.1} µs"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Kilobytes => format!("{value:.1} kB"),
            Self::PerSecond => format!("{value:.0}/s"),
            Self::Count => format!("{value:.0}"),
        }
    }
}

/// The figures so far. Each is also reported at once on standard error.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn add(&mut self, figure: impl Into<String>, value: f64, unit: Unit, target: Target) {
        let (wanted, verdict) = match target {
            Target::AtLeast(least) => (format!("≥ {}", round(unit, least)), verdict(value >= least)),
            Target::AtMost(most) => (format!("≤ {}", round(unit, most)), verdict(value <= most)),
            Target::None => (String::new(), String::new()),
        };
        let row = [figure.into(), unit.write(value), wanted, verdict];
        eprintln!("{}", row.join("  "));
        self.rows.push(row);
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Writes the table as Markdown to standard output.
    pub(crate) fn print(&self) {
        let head = ["Figure", "Measured", "Target", ""].map(str::to_owned);
        let rows: Vec<_> = std::iter::once(&head).chain(&self.rows).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths = [width(0), width(1), width(2), width(3)];
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            println!("| {} |", cells.join(" | "));
            if number == 0 {
                println!("|{}|", widths.map(|width| "-".repeat(width + 2)).join("|"));
            }
        }
        for note in &self.notes {
            println!("\n{note}");
        }
    }
}

/// Targets are round numbers.
fn round(unit: Unit, target: f64) -> String {
    unit.write(target).replace(".00 ", " ").replace(".0 ", " ")
}

fn verdict(is_met: bool) -> String {
    if is_met { "met".to_owned() } else { "missed".to_owned() }
}
