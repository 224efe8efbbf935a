//! The page for browsers. What its script does is for `cargo xtask browser-test`.

use super::render::{changed, pets};
use super::{explained, service};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use workstream_codegen::diff::History;
use workstream_codegen::diff::render::{Frame, HtmlPage, Release};
use workstream_codegen::diff::rules::{Effect, Override, Rule, Severities};

/// The page of a history, whose versions are 1.0.0, 1.1.0, and so on.
fn page_of(versions: &[Value], severities: &Severities) -> HtmlPage {
    let services: Vec<_> = versions.iter().map(service).collect();
    let (mut page, mut history) = (HtmlPage::default(), History::default());
    for (index, pair) in services.windows(2).enumerate() {
        let mut comparison = explained(&pair[0], &pair[1]);
        let release =
            |minor: usize| Release { label: format!("1.{minor}.0"), date: Some(format!("2017-09-{minor:02}")) };
        let (old, new) = (release(index), release(index + 1));
        let notes = history.step(&mut comparison, &new.label);
        page.add(&comparison, Frame { old: &old, new: &new, severities, version: None }, &notes);
    }
    page
}

fn html(versions: &[Value]) -> String {
    page_of(versions, &Severities::default()).html()
}

fn main_of(html: &str) -> &str {
    html.split_once("<main>\n").unwrap().1.split_once("</main>").unwrap().0
}

/// All values of an attribute.
fn all<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    html.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn a_release_in_full() {
    let mut new = pets();
    new["service-2"]["operations"].as_object_mut().unwrap().remove("Ping");
    new["service-2"]["shapes"]["Mood"]["enum"] = json!(["GOOD", "BAD"]);
    let expected = r##"<section class="service" aria-labelledby="pets">
<h2 id="pets">Amazon Pets</h2>
<section class="release" id="1.1.0" aria-labelledby="1.1.0--title" data-bump="major">
<h3 id="1.1.0--title">1.1.0 <time datetime="2017-09-01">2017-09-01</time> <span class="bump major">major</span></h3>
<a class="link" href="#1.1.0" aria-label="Link to 1.1.0">#</a>
<p class="what">1 updated 1 removed api methods, since 1.0.0</p>
<ul class="verdict">
<li><span class="mark break">wire break</span> an old client breaks</li>
<li><span class="mark break">source break</span> code that uses the crate stops compiling</li>
<li><span class="mark none">behaviour none</span></li>
</ul>
<section class="group"><h4>Operations</h4>
<div class="item operation" id="1.1.0-Feed">
<details><summary><code>Feed</code> <span class="tag updated">updated</span></summary>
<h5>Changes (response)</h5>
<pre tabindex="0"><code>{&#39;Mood&#39;: &#39;BAD&#39;}</code></pre>
</details>
<a class="link" href="#1.1.0-Feed" aria-label="Link to Feed in 1.1.0">#</a>
</div>
<div class="item operation" id="1.1.0-Ping">
<p><code>Ping</code> <span class="tag removed">removed</span></p>
<a class="link" href="#1.1.0-Ping" aria-label="Link to Ping in 1.1.0">#</a>
</div>
</section>
<section class="group"><h4>What breaks</h4>
<div class="rule" data-rule="operation-removed">
<h5>An operation is gone <code>operation-removed</code> <span class="mark break">wire break</span> <span class="mark break">source break</span></h5>
<ul class="found names">
<li class="item" id="1.1.0-operation-removed-Ping"><code>Ping</code>
<a class="link" href="#1.1.0-operation-removed-Ping" aria-label="Link to Ping in 1.1.0">#</a>
</li>
</ul></div>
</section>
<section class="group"><h4>What changes</h4>
<div class="rule" data-rule="enum-value-added">
<h5>A new enum value <code>enum-value-added</code> <span class="mark change">wire change</span> <span class="mark change">source change</span></h5>
<ul class="found names">
<li class="item" id="1.1.0-enum-value-added-Mood-BAD"><code>Mood BAD</code>
<a class="link" href="#1.1.0-enum-value-added-Mood-BAD" aria-label="Link to Mood BAD in 1.1.0">#</a>
</li>
</ul></div>
</section>
</section>
</section>
"##;
    let html = html(&[pets(), new]);
    assert_eq!(main_of(&html), expected);
    assert!(html.contains("<title>Amazon Pets, 1.0.0 to 1.1.0</title>"), "{html}");
}

#[test]
fn releases_are_newest_first_and_say_what_came_and_went() {
    let html = html(&[pets(), changed(), pets()]);
    let releases: Vec<&str> = html.split("<section class=\"release\" id=\"").skip(1).collect();
    assert!(releases[0].starts_with("1.2.0\"") && releases[1].starts_with("1.1.0\""), "{html}");
    assert_eq!(releases.len(), 2);
    assert!(releases[0].contains("<span>GetARNs is withdrawn, came in 1.1.0</span>"), "{}", releases[0]);
    assert!(releases[0].contains("<span>Ping is back, was withdrawn in 1.1.0</span>"), "{}", releases[0]);
    assert!(!releases[1].contains("Withdrawn or brought back"), "{}", releases[1]);
    assert!(html.contains("<summary>All 2 releases</summary>"), "{html}");
}

#[test]
fn anchors_are_there_once_and_links_lead_to_them() {
    let html = html(&[pets(), changed(), pets(), changed(), changed()]);
    let mut page = page_of(&[pets(), changed()], &Severities::default());
    let (old, new) = (service(&pets()), service(&changed()));
    // Versions of one name, and one that the search field has.
    for label in ["1.1.0", "q", "\u{7248}"] {
        let release = Release { label: label.to_owned(), date: None };
        let frame = Frame { old: &release, new: &release, severities: &Severities::default(), version: None };
        page.add(&explained(&old, &new), frame, &[]);
    }
    for html in [html, page.html()] {
        each_anchor_is_there_once(&html);
    }
}

fn each_anchor_is_there_once(html: &str) {
    let ids = all(html, "id");
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
    let links: Vec<&str> = all(html, "href").iter().map(|href| href.strip_prefix('#').unwrap()).collect();
    assert!(links.len() > 30, "{links:?}");
    for link in links {
        assert!(ids.contains(&link), "{link} leads nowhere");
    }
}

#[test]
fn services_on_one_page_have_anchors_of_their_own() {
    let services = [pets(), changed()].map(|model| service(&model));
    let comparison = explained(&services[0], &services[1]);
    let other = [pets(), changed()].map(|model| {
        let files = model.as_object().unwrap().iter();
        let files = files.map(|(name, json)| workstream_codegen::SourceFile {
            path: format!("{name}.json"),
            text: json.to_string().into_bytes(),
        });
        super::model("plants", files.collect()).services()[0].clone()
    });
    let other = explained(&other[0], &other[1]);
    let release = Release { label: "new (botocore 1.0.0)".to_owned(), date: None };
    let severities = Severities::default();
    let frame = Frame { old: &release, new: &release, severities: &severities, version: Some("0.1.0") };
    let mut page = HtmlPage::default();
    page.add(&comparison, frame, &[]);
    page.add(&other, frame, &[]);
    let html = page.html();
    for id in ["pets-new-botocore-1.0.0-Feed", "plants-new-botocore-1.0.0-Feed"] {
        assert!(all(&html, "id").contains(&id), "{html}");
    }
    assert!(html.contains("<p>Suggested version bump: major (0.1.0 -&gt; 0.2.0)</p>"), "{html}");
}

/// A name that is more than text wherever it is not escaped, and an anchor that is not its own.
const HOSTILE: &str = "'\"><script>alert(1)</script><!--</style></title>&amp;";

#[test]
fn names_of_a_model_are_only_text() {
    let mut new = changed();
    new["service-2"]["metadata"]["serviceFullName"] = json!(HOSTILE);
    new["service-2"]["shapes"]["Mood"]["enum"] = json!(["GOOD", HOSTILE]);
    new["service-2"]["shapes"]["Text"]["pattern"] = json!(HOSTILE);
    let (tame, hostile) = (html(&[pets(), changed()]), html(&[pets(), new]));
    let escaped = "&#39;&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--&lt;/style&gt;&lt;/title&gt;&amp;amp;";
    // The title, two headings, the new name, two skeletons, a value, its link, a pattern.
    assert_eq!(hostile.matches(escaped).count(), 9, "{}", main_of(&hostile));
    for of_html in ["<script", "</script", "<!--", "</style", "</title"] {
        assert_eq!(hostile.matches(of_html).count(), tame.matches(of_html).count(), "{of_html}");
    }
    let severities = {
        let mut severities = Severities::default();
        let set = Override { wire: Some(Effect::None), reason: HOSTILE.to_owned(), ..Override::default() };
        severities.set(Rule::OperationRemoved, set);
        severities
    };
    let html = page_of(&[pets(), changed()], &severities).html();
    assert!(html.contains(&format!("<p>Severity set here: {escaped}</p>")), "{}", main_of(&html));
}

#[test]
fn the_page_needs_no_script_and_no_other_file() {
    let html = html(&[pets(), changed(), pets()]);
    let (markup, script) = html.split_once("<script>").unwrap();
    assert_eq!(markup.matches(" hidden").count(), 1, "only the search, which is nothing without the script");
    assert!(markup.contains("<form role=\"search\" id=\"search\" hidden>"));
    for outside in ["http:", "https:", " src=", "<link", "@import", "url(", "fetch(", "import("] {
        assert!(!markup.contains(outside) && !script.contains(outside), "{outside}");
    }
}

/// The page's content security policy names the one script and the one style sheet, so that nothing else is run or shown,
/// should a text ever get into the markup.
#[test]
fn only_the_pages_own_script_is_allowed() {
    let html = html(&[pets(), changed(), pets()]);
    let hash_of = |tag: &str| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        assert_eq!((html.matches(&open).count(), html.matches(&format!("<{tag}")).count()), (1, 1), "one {tag}");
        let text = html.split_once(&open).unwrap().1.split_once(&close).unwrap().0;
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
    };
    let policy = all(&html, "content").into_iter().find(|content| content.starts_with("default-src")).unwrap();
    let (style, script) = (hash_of("style"), hash_of("script"));
    let expected =
        format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'");
    assert_eq!(policy, expected, "the hashes stand in codegen/src/diff/render/html/mod.rs");
    // What such a policy would block.
    let (markup, _) = html.split_once("<script>").unwrap();
    for (index, _) in markup.match_indices('=') {
        let name = markup[..index].rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap();
        assert!(!name.starts_with("on") && name != "style", "{name}");
    }
    assert!(!markup.contains("javascript:"));
}

#[test]
fn nothing_is_said_where_nothing_changed() {
    let html = html(&[pets(), pets()]);
    let main = main_of(&html);
    assert!(main.contains("<p class=\"what\">no changes, since 1.0.0</p>\n</section>"), "{main}");
}
