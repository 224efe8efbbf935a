//! Lines of text for people: headings, trees and lists of names, with colours
//! or without.

use crate::graph::Service;
use crate::prose::reference_url;

/// Columns of a list of names.
const WIDTH: usize = 100;

/// ANSI styles, or none.
#[derive(Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// What something is called.
    pub fn name(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What a part of the description is about.
    pub fn heading(self, text: &str) -> String {
        self.with("1;36", text)
    }

    /// What it is.
    pub fn kind(self, text: &str) -> String {
        self.with("32", text)
    }

    /// What must not be overlooked.
    pub fn mark(self, text: &str) -> String {
        self.with("33", text)
    }

    /// What is only said by the way.
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }
}

/// A tree of lines that are finished.
pub(super) struct Branch {
    pub line: String,
    pub below: Vec<Branch>,
}

impl Branch {
    pub fn leaf(line: String) -> Self {
        Self { line, below: Vec::new() }
    }
}

fn draw(text: &mut String, branches: &[Branch], lead: &str) {
    for (index, branch) in branches.iter().enumerate() {
        let last = index + 1 == branches.len();
        let (own, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        text.push_str(&format!("{lead}{own}{}\n", branch.line));
        draw(text, &branch.below, &format!("{lead}{below}"));
    }
}

/// Writes a description part by part.
pub(super) struct Page<'g> {
    pub service: &'g Service,
    pub paint: Paint,
    pub text: String,
}

impl<'g> Page<'g> {
    pub fn new(service: &'g Service, colour: bool) -> Self {
        Self { service, paint: Paint(colour), text: String::new() }
    }

    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub fn title(&mut self, name: &str, facts: &[String]) {
        let title = self.paint.name(name);
        let facts = facts.join(", ");
        self.line(format!("{title}  {facts}").trim_end());
    }

    /// Where the API reference has it.
    pub fn reference(&mut self, name: &str) {
        if let Some(url) = reference_url(self.service, name) {
            let url = self.paint.faint(&url);
            self.line(&url);
        }
    }

    /// A part of the page.
    pub fn part(&mut self, heading: &str, about: &str, branches: &[Branch]) {
        let heading = self.paint.heading(heading);
        self.line("");
        self.line(format!("{heading} {about}").trim_end());
        draw(&mut self.text, branches, "");
    }

    /// A part that is a list; nothing where it is empty.
    pub fn list(&mut self, heading: &str, lines: Vec<String>) {
        if !lines.is_empty() {
            let branches: Vec<Branch> = lines.into_iter().map(Branch::leaf).collect();
            self.part(heading, "", &branches);
        }
    }

    /// Names in lines that fit most terminals; nothing where there is none.
    pub fn names(&mut self, heading: &str, names: &[String]) {
        if names.is_empty() {
            return;
        }
        self.part(heading, "", &[]);
        let mut line = String::new();
        for (index, name) in names.iter().enumerate() {
            if !line.is_empty() && line.len() + name.len() + 2 > WIDTH {
                self.line(&std::mem::take(&mut line));
            }
            let comma = if index + 1 < names.len() { "," } else { "" };
            let lead = if line.is_empty() { "   " } else { " " };
            line.push_str(&format!("{lead}{name}{comma}"));
        }
        self.line(&line);
    }
}
