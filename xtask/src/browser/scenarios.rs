//! What is visited, and what is to be seen there.

use crate::failure::Result;
use crate::paths::workspace;
use crate::writer::write;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// A visit.
pub(super) struct Scenario {
    pub name: &'static str,
    pub page: PageName,
    /// What follows the page's name in the address.
    pub address: &'static str,
    /// Width and height in pixels.
    pub window: (u32, u32),
    /// Of the browser.
    pub flags: &'static [&'static str],
    /// A JavaScript expression, in which `seen` is of probe.js.
    pub script: &'static str,
    /// Its value in JSON.
    pub expected: &'static str,
}

/// The pages that are visited.
#[derive(Clone, Copy)]
pub(super) enum PageName {
    /// Four versions of a small API with hostile names.
    Pets,
    /// Seven operations that AppStream once got.
    AppStream,
}

/// The texts of the pages.
pub(super) struct Pages {
    pets: String,
    appstream: String,
}

impl Pages {
    pub fn of(&self, scenario: &Scenario) -> &str {
        match scenario.page {
            PageName::Pets => &self.pets,
            PageName::AppStream => &self.appstream,
        }
    }
}

/// Writes the pages with `changelog`, which takes the arguments of that command.
pub(super) fn pages(folder: &Path, changelog: impl Fn(&[&str]) -> Result<String>) -> Result<Pages> {
    let history = folder.join("history");
    let model =
        |(version, model): (&str, Value)| (format!("{version}/pets/2020-01-01/service-2.json"), model.to_string());
    let mut files: BTreeMap<String, String> = history_of_pets().into_iter().map(model).collect();
    files.insert("versions.tsv".to_owned(), "1.0.0\t2020-01-01\n2.0.0\t2020-03-01\n".to_owned());
    write(&history, &files)?;
    let real = workspace().join("codegen/tests/diff/models");
    let [old, new] = ["1.7.19", "1.7.20"].map(|version| real.join(version).display().to_string());
    Ok(Pages {
        pets: changelog(&["--format", "html", "--history", &history.display().to_string()])?,
        appstream: changelog(&["--format", "html", &old, &new])?,
    })
}

/// Names that would be more than text, if they could.
const HOSTILE: [&str; 2] = [
    "</code></pre><script>document.documentElement.dataset.broken = 1</script>",
    "\"><img src=x onerror='document.documentElement.dataset.broken = 1'>",
];

fn history_of_pets() -> [(&'static str, Value); 4] {
    let first = json!({
        "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets",
            "serviceFullName": "Pets & <b>Co</b>"},
        "operations": {
            "Feed": {"input": {"shape": "FeedRequest"}, "output": {"shape": "FeedResult"}},
            "Ping": {}
        },
        "shapes": {
            "FeedRequest": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            "FeedResult": {"type": "structure", "members": {"Mood": {"shape": "Mood"}, "Weight": {"shape": "Text"}}},
            "Mood": {"type": "string", "enum": ["GOOD", "SAD"]},
            "PetRequest": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            "Text": {"type": "string"}
        }
    });
    let mut second = first.clone();
    second["operations"]["Pet"] = json!({"input": {"shape": "PetRequest"}});
    second["shapes"]["Mood"]["enum"] = json!(["GOOD", "SAD", "BAD"]);
    let mut third = second.clone();
    third["operations"] = json!({"Feed": first["operations"]["Feed"], "Pet": second["operations"]["Pet"]});
    third["shapes"]["Mood"]["enum"] = json!(["GOOD", "SAD"]);
    third["shapes"]["FeedResult"]["members"] = json!({"Mood": {"shape": "Mood"}});
    let mut fourth = third.clone();
    fourth["shapes"]["Mood"]["enum"] = json!(["GOOD", "SAD", "BAD", HOSTILE[0], HOSTILE[1]]);
    fourth["shapes"]["Text"]["pattern"] = json!(HOSTILE[0]);
    [("1.0.0", first), ("1.1.0", second), ("2.0.0", third), ("2.1.0", fourth)]
}

const DESKTOP: (u32, u32) = (1200, 900);
const PHONE: (u32, u32) = (360, 740);
/// Of which a page does not fit into the height.
const SMALL: (u32, u32) = (800, 300);
const DARK: &[&str] = &["--blink-settings=preferredColorScheme=0"];
const LIGHT: &[&str] = &["--blink-settings=preferredColorScheme=1"];

/// What a page must have in any window and colour.
const LOOKS: &str = "(seen.openAll(), {pale: seen.pale(), tooWide: seen.tooWide(), \
    page: document.documentElement.scrollWidth <= innerWidth, inner: innerWidth, \
    back: getComputedStyle(document.body).backgroundColor})";

/// A visit without a script: others say how they differ.
const VISIT: Scenario = Scenario {
    name: "",
    page: PageName::Pets,
    address: "",
    window: DESKTOP,
    flags: &[],
    script: "null",
    expected: "null",
};

/// All visits.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "newest first, nothing open",
        script: "{releases: seen.releases(), open: seen.open(), count: seen.count(), \
            hits: document.documentElement.dataset.hits ?? null, form: document.getElementById('search').hidden}",
        expected: r#"{"releases": ["2.1.0", "2.0.0", "1.1.0"], "open": [], "count": "3 releases", "hits": null, "form": false}"#,
        ..VISIT
    },
    Scenario {
        name: "names of a model are text",
        script: "(seen.openAll(), {broken: document.documentElement.dataset.broken ?? null, \
            elements: document.querySelectorAll('img, b, iframe, object').length, scripts: document.scripts.length, \
            title: document.title, shown: document.body.innerText.split('onerror=').length - 1})",
        expected: r#"{"broken": null, "elements": 0, "scripts": 2, "title": "Pets & <b>Co</b>, 1.0.0 to 2.1.0", "shown": 2}"#,
        ..VISIT
    },
    Scenario {
        name: "markup that got in runs nothing",
        script: "(seen.getsIn('document.documentElement.dataset.broken = 1'), await new Promise(done => setTimeout(done, 500)), \
            {broken: document.documentElement.dataset.broken ?? null})",
        expected: r#"{"broken": null}"#,
        ..VISIT
    },
    Scenario {
        name: "links lead somewhere and have names",
        script: "{astray: seen.astray(), nameless: seen.nameless(), links: document.links.length > 20}",
        expected: r#"{"astray": [], "nameless": [], "links": true}"#,
        ..VISIT
    },
    Scenario {
        name: "a query in the address",
        address: "?q=weight",
        script: "{items: seen.items(), open: seen.open(), count: seen.count(), releases: seen.releases(), \
            hits: document.documentElement.dataset.hits, field: document.getElementById('q').value}",
        expected: r#"{"items": ["2.0.0-Feed", "2.0.0-member-removed-output-FeedResult.Weight"], "open": ["2.0.0-Feed"],
            "count": "2 hits in 1 release", "releases": ["2.0.0"], "hits": "2", "field": "weight"}"#,
        ..VISIT
    },
    Scenario {
        name: "a rule in the address",
        address: "?q=enum-value-removed",
        script: "{items: seen.items(), open: seen.open(), releases: seen.releases(), sections: \
            [...document.querySelectorAll('h4')].filter(e => !e.closest('[hidden]')).map(e => e.textContent)}",
        expected: r#"{"items": ["2.0.0-enum-value-removed-output-Mood-BAD"], "open": [], "releases": ["2.0.0"],
            "sections": ["What breaks"]}"#,
        ..VISIT
    },
    Scenario {
        name: "words that all have to occur",
        address: "?q=bad%20source:break",
        script: "{items: seen.items(), count: seen.count()}",
        expected: r#"{"items": ["2.0.0-enum-value-removed-output-Mood-BAD"], "count": "1 hit in 1 release"}"#,
        ..VISIT
    },
    Scenario {
        name: "a release in the address",
        address: "?q=2020-03-01%20removed",
        script: "{items: seen.items(), open: seen.open()}",
        expected: r#"{"items": ["2.0.0-Feed", "2.0.0-Ping", "2.0.0-operation-removed-Ping",
            "2.0.0-member-removed-output-FeedResult.Weight", "2.0.0-enum-value-removed-output-Mood-BAD"], "open": ["2.0.0-Feed"]}"#,
        ..VISIT
    },
    Scenario {
        name: "what came and went",
        address: "?q=withdrawn",
        script: "{items: seen.items(), texts: seen.items().filter(id => id.includes('undone')) \
            .map(id => document.getElementById(id).querySelector('span').textContent)}",
        expected: r#"{"items": ["2.1.0-undone-Mood-BAD", "2.1.0-enum-value-added-Mood-BAD", "2.0.0-undone-Mood-BAD"],
            "texts": ["Mood BAD is back, was withdrawn in 2.0.0", "Mood BAD is withdrawn, came in 1.1.0"]}"#,
        ..VISIT
    },
    Scenario {
        name: "nothing found",
        address: "?q=no+such+thing",
        script: "{items: seen.items(), releases: seen.releases(), count: seen.count()}",
        expected: r#"{"items": [], "releases": [], "count": "0 hits in 0 releases"}"#,
        ..VISIT
    },
    Scenario {
        name: "typing a query, and taking it away",
        script: "(async () => { \
            document.getElementById('1.1.0-Pet').querySelector('details').open = true; \
            await seen.type(' Weight '); const searched = [seen.items().length, seen.open(), seen.query()]; \
            await seen.type(''); return {searched, after: [seen.open(), seen.query(), seen.count()]}; })()",
        expected: r#"{"searched": [2, ["2.0.0-Feed"], "Weight"], "after": [["1.1.0-Pet"], null, "3 releases"]}"#,
        ..VISIT
    },
    Scenario {
        name: "a key leads to the search",
        script: "(document.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true, cancelable: true})), \
            document.activeElement.id)",
        expected: r#""q""#,
        ..VISIT
    },
    Scenario {
        name: "a link to an operation opens it",
        address: "#1.1.0-Pet",
        window: SMALL,
        script: "{open: seen.open(), inView: seen.inView('1.1.0-Pet'), scrolled: scrollY > 0}",
        expected: r#"{"open": ["1.1.0-Pet"], "inView": true, "scrolled": true}"#,
        ..VISIT
    },
    Scenario {
        name: "a link to a finding",
        address: "#1.1.0-operation-added-Pet",
        window: SMALL,
        script: "{open: seen.open(), inView: seen.inView('1.1.0-operation-added-Pet'), \
            target: document.querySelector(':target')?.id}",
        expected: r#"{"open": [], "inView": true, "target": "1.1.0-operation-added-Pet"}"#,
        ..VISIT
    },
    Scenario {
        name: "a link wins over a query that hides its target",
        address: "?q=weight#1.1.0-Pet",
        window: SMALL,
        script: "{open: seen.open(), inView: seen.inView('1.1.0-Pet'), field: document.getElementById('q').value}",
        expected: r#"{"open": ["1.1.0-Pet"], "inView": true, "field": ""}"#,
        ..VISIT
    },
    Scenario {
        name: "a link that is followed keeps the query",
        address: "?q=weight",
        script: "new Promise(done => { addEventListener('hashchange', () => setTimeout(() => done( \
            {items: seen.items().length, query: seen.query(), hash: location.hash}), 100)); \
            document.querySelector('.item:not([hidden]) .link').click(); })",
        expected: r##"{"items": 2, "query": "weight", "hash": "#2.0.0-Feed"}"##,
        ..VISIT
    },
    Scenario {
        name: "anchors and queries that mean nothing",
        address: "?q=%E0%A4%A#%E0%A4%A",
        script: "{form: document.getElementById('search').hidden}",
        expected: r#"{"form": false}"#,
        ..VISIT
    },
    Scenario {
        name: "a phone, light",
        page: PageName::AppStream,
        window: PHONE,
        flags: LIGHT,
        script: LOOKS,
        expected: r#"{"pale": [], "tooWide": [], "page": true, "inner": 360, "back": "rgb(255, 255, 255)"}"#,
        ..VISIT
    },
    Scenario {
        name: "a phone, dark",
        page: PageName::Pets,
        window: PHONE,
        flags: DARK,
        script: LOOKS,
        expected: r#"{"pale": [], "tooWide": [], "page": true, "inner": 360, "back": "rgb(20, 23, 27)"}"#,
        ..VISIT
    },
    Scenario {
        name: "a desktop, light",
        flags: LIGHT,
        script: LOOKS,
        expected: r#"{"pale": [], "tooWide": [], "page": true, "inner": 1200, "back": "rgb(255, 255, 255)"}"#,
        ..VISIT
    },
    Scenario {
        name: "one comparison of a real API",
        page: PageName::AppStream,
        address: "?q=operation-added",
        script: "{hits: seen.count(), astray: seen.astray(), nameless: seen.nameless(), \
            items: seen.items().map(id => id.replace(/.*operation-added-/, '')).sort()}",
        expected: r#"{"hits": "7 hits in 1 release", "astray": [], "nameless": [], "items": ["CreateImageBuilder",
            "CreateImageBuilderStreamingURL", "DeleteImage", "DeleteImageBuilder", "DescribeImageBuilders",
            "StartImageBuilder", "StopImageBuilder"]}"#,
        ..VISIT
    },
];
