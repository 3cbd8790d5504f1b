//! Running a proof, with and without JavaScript.

use crate::site::TestSite;

const RUN: &str = "/guides/django/proofs/lazy-count/run";
const AS_WRITTEN: &str = "from stock.models import Item\r\n\r\nprint(Item.objects.count() < 3)\r\n";

#[tokio::test]
async fn as_written_its_claims_are_held_against_it() {
    let page = TestSite::new().post(RUN, &[("code", AS_WRITTEN)]).await;
    page.is(200).has("All that is claimed of it holds").has("1 statement reached the database").has("<html");
    page.has("href=\"/guides/django/querysets#lazy\"");
}

#[tokio::test]
async fn changed_it_is_shown_for_what_it_is() {
    let test = TestSite::new();
    let page = test.post(RUN, &[("code", "print('</textarea><script>x</script>')")]).await;
    page.is(200).has("You changed the code").has_not("<script>x").has("&#60;/textarea&#62;");
    let broken = test.post(RUN, &[("code", "fail()")]).await;
    broken.is(200).has("It raised an exception");
}

#[tokio::test]
async fn a_script_gets_the_part_that_changes() {
    let fragment = TestSite::new().post_fragment(RUN, &[("code", AS_WRITTEN)]).await;
    fragment.is(200).has_not("<html").has("data-jf-summary=\"It ran to its end; 1 statement reached the database.\"");
}

#[tokio::test]
async fn what_cannot_be_run_is_said_and_kept() {
    let test = TestSite::new();
    test.post(RUN, &[("code", "  \n ")]).await.is(422).has("There is no code to run").has("<html");
    test.post(RUN, &[]).await.is(422);
    test.post_fragment(RUN, &[("code", "")]).await.is(422).has_not("<html").has("role=\"alert\"");
    let large = "#".repeat(300 * 1024);
    test.post(RUN, &[("code", &large)]).await.is(413).has("The snippet is 300 KiB, and may be 256 KiB");
    test.post("/guides/django/proofs/nope/run", &[("code", "1")]).await.is(404).has("There is no such proof");
    test.get(RUN).await.is(303);
    test.get("/guides/django/proofs/lazy-count").await.is(200).has("Back to the question");
}
