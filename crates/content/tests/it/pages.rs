//! HTML, links, search and keys.

use crate::tree::Tree;
use jobfuture_content::{Block, CLASSES, Library, Link, Proof, highlight_as, highlight_python, highlight_sql};

const SECTION: &str = "guides/first/01-basics.md";

/// The HTML that a text in "Why it is asked" becomes.
fn html(markdown: &str) -> String {
    let tree = Tree::whole();
    tree.replace(SECTION, "To know.", markdown);
    match &tree.read().guides["first"].sections[0].questions[0].why[..] {
        [Block::Html(html)] => html.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn links_become_urls() {
    let made =
        html("[g](guide:first) [s](section:first/basics) [q](question:first/when-sent) [t](task:small) [h](page:home)");
    let wanted = "<p><a href=\"/guides/first\">g</a> <a href=\"/guides/first/basics\">s</a> \
        <a href=\"/guides/first/basics#when-sent\">q</a> <a href=\"/tasks/small\">t</a> <a href=\"/\">h</a></p>\n";
    assert_eq!(made, wanted);
}

#[test]
fn other_sites_learn_nothing() {
    let made = html("<https://example.org/?a=1&b=2> and [x](https://example.org/ \"a \\\" title\")");
    let wanted = "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">https://example.org/?a=1&amp;b=2</a> \
        and <a href=\"https://example.org/\" rel=\"noopener noreferrer\" title=\"a &quot; title\">x</a></p>\n";
    assert_eq!(made, wanted);
}

/// The lint names it; the page stays whole meanwhile.
#[test]
fn a_dangling_link_is_shown_as_text() {
    assert_eq!(html("[*gone*](task:gone) on"), "<p><em>gone</em> on</p>\n");
}

#[test]
fn tables_carry_no_style() {
    let made = html("| a | b |\n|---|--:|\n| 1 | 2 |\n");
    assert!(made.starts_with("<div class=\"table-scroll\" tabindex=\"0\">"), "{made}");
    assert!(made.contains("<th>b</th>") && made.trim_end().ends_with("</table>\n</div>"), "{made}");
    assert!(!made.contains("style"), "{made}");
}

#[test]
fn quotation_marks_stay_as_they_are_written() {
    assert_eq!(html("\"one\" -- 'two'..."), "<p>\"one\" -- 'two'...</p>\n");
}

#[test]
fn code_is_highlighted_and_escaped() {
    let made = html("```python\nif a < 1:  # <b>\n    pass\n```\n\n```html\n<b>\n```\n\n    indented <b>");
    assert!(
        made.contains(
            "<pre tabindex=\"0\"><code class=\"language-python\"><span class=\"hl-keyword\">if</span> a &lt; "
        ),
        "{made}"
    );
    assert!(made.contains("<span class=\"hl-comment\"># &lt;b&gt;</span>\n"), "{made}");
    assert!(made.contains("<pre tabindex=\"0\"><code>indented &lt;b&gt;\n</code></pre>"), "{made}");
    assert!(!made.contains("<b>"), "{made}");
}

#[test]
fn an_info_string_cannot_break_out() {
    let made = html("```\"><script>\nx\n```");
    assert_eq!(made, "<pre tabindex=\"0\"><code>x\n</code></pre>\n");
}

#[test]
fn highlighting_keeps_every_character() {
    let python = "@cached\ndef f(self, x: int = 1_000) -> str:\n    \"\"\"Doc & more.\"\"\"\n    return f\"a{x + 1}b\\n\" if not None else len('é')  # <one>\n";
    let sql = "SELECT \"a\".\"id\", COUNT(*) FROM \"a\" WHERE t LIKE 'x%' AND n > 4 -- ü\nORDER BY 1";
    for (made, code) in
        [(highlight_python(python), python), (highlight_sql(sql), sql), (highlight_as("no-such", sql), sql)]
    {
        assert_eq!(text(&made), code);
        for class in made.split("class=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(CLASSES.contains(&class), "{class} in {made}");
        }
    }
}

#[test]
fn what_is_what_in_python() {
    let made = highlight_python("class A(B):\n    x = f\"a{n}\" and None  # c\n    def g(self): return h(1)");
    insta::assert_snapshot!(made, @r##"
    <span class="hl-keyword">class</span> <span class="hl-name">A</span>(B):
        x = <span class="hl-string">f&quot;a</span>{n}<span class="hl-string">&quot;</span> <span class="hl-keyword">and</span> <span class="hl-keyword">None</span>  <span class="hl-comment"># c</span>
        <span class="hl-keyword">def</span> <span class="hl-name">g</span>(self): <span class="hl-keyword">return</span> <span class="hl-call">h</span>(<span class="hl-number">1</span>)
    "##);
}

#[test]
fn what_is_what_in_sql() {
    let made = highlight_sql("SELECT \"t\".\"id\" FROM \"t\" WHERE \"n\" > 4 AND \"s\" = 'x' LIMIT 21");
    insta::assert_snapshot!(made, @r##"<span class="hl-keyword">SELECT</span> &quot;t&quot;.&quot;id&quot; <span class="hl-keyword">FROM</span> &quot;t&quot; <span class="hl-keyword">WHERE</span> &quot;n&quot; &gt; <span class="hl-number">4</span> <span class="hl-keyword">AND</span> &quot;s&quot; = <span class="hl-string">&#39;x&#39;</span> <span class="hl-keyword">LIMIT</span> <span class="hl-number">21</span>"##);
}

/// Text of HTML, as a browser would show it in `<pre>`.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[test]
fn links_are_read_and_written() {
    for text in
        ["page:home", "guide:django", "section:django/querysets", "question:django/lazy-querysets", "task:book-list"]
    {
        assert_eq!(Link::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "",
        "home",
        "page:",
        "guide:Django",
        "guide:a/b",
        "section:a",
        "section:a/b/c",
        "task:a--b",
        "task:-a",
        "task:a b",
        "path:a",
    ] {
        assert!(Link::parse(text).is_err(), "{text}");
    }
}

#[test]
fn urls_of_what_exists() {
    let library = Tree::whole().read();
    for (link, url) in [
        ("page:home", Some("/")),
        ("page:guides", Some("/guides")),
        ("page:tasks", Some("/tasks")),
        ("page:gone", None),
        ("guide:first", Some("/guides/first")),
        ("guide:gone", None),
        ("section:first/basics", Some("/guides/first/basics")),
        ("section:first/gone", None),
        ("question:first/when-sent", Some("/guides/first/basics#when-sent")),
        ("question:first/gone", None),
        ("task:small", Some("/tasks/small")),
        ("task:gone", None),
    ] {
        assert_eq!(library.url(&Link::parse(link).unwrap()).as_deref(), url, "{link}");
    }
}

#[test]
fn search_finds_words_of_all_parts() {
    let tree = Tree::whole();
    tree.replace(SECTION, "To know.", "To *kn*ow `a < b` &amp; more.");
    let entries = tree.read().guides["first"].search_entries();
    assert_eq!((entries[0].question.as_deref(), entries[0].title.as_str()), (None, "Basics"));
    assert_eq!(entries[0].text, "What comes first. An introduction that leads on.");
    assert_eq!((entries[1].question.as_deref(), entries[1].section.as_str()), (Some("when-sent"), "basics"));
    assert_eq!(
        entries[1].text,
        "To know a < b & more. When rows are needed: from shop.models import Thing print(len(Thing.objects.all())) 3 \
         See the same. \"At once.\" And when not? Django documentation, QuerySets"
    );
}

fn key(library: &Library, change: impl FnOnce(&mut Proof)) -> String {
    let mut proof = Proof::clone(library.proofs().next().unwrap());
    change(&mut proof);
    proof.key(&library.projects["desk"])
}

/// A recorded proof is void when the code, a claim or the project changes, and only then.
#[test]
fn keys_of_proofs() {
    let tree = Tree::whole();
    let library = tree.read();
    let first = key(&library, |_| ());
    assert_eq!(first.len(), 64);
    assert_eq!(first, key(&library, |proof| proof.line += 1));
    assert_ne!(first, key(&library, |proof| proof.code.push('\n')));
    assert_ne!(first, key(&library, |proof| proof.statements = Some(2)));
    assert_ne!(first, key(&library, |proof| proof.statements = None));
    assert_ne!(first, key(&library, |proof| proof.output = None));
    assert_ne!(key(&library, |proof| proof.output = None), key(&library, |proof| proof.output = Some(String::new())));
    tree.append("projects/desk/shop/views.py", "# changed\n");
    assert_ne!(first, key(&tree.read(), |_| ()));
}

#[test]
fn a_digest_sees_where_names_end() {
    let (one, other) = (Tree::whole(), Tree::whole());
    one.write("projects/desk/ab", "c");
    other.write("projects/desk/a", "bc");
    assert_ne!(one.read().projects["desk"].digest(), other.read().projects["desk"].digest());
}
