// What every page loads. Each module does one thing and leaves alone what is not on the page; without any of them
// the pages are plain forms and links that work. The editor (editor.js) is fetched when a code field is seen.

import "./editor.mjs";
import "./run.mjs";
import "./files.mjs";
import "./keep.mjs";
import "./progress.mjs";
import "./search.mjs";
import "./links.mjs";
import "./passkey.mjs";

// Only one page checks credentials.
if (document.querySelector("form[data-verify]")) import("./verify.mjs");
