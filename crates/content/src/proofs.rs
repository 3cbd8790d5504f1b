//! Proofs in order, and the keys under which their results are remembered.

use crate::model::{Block, Guide, Library, Project, Proof, Question};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

impl Block {
    /// The proof, if this block is one.
    pub fn proof(&self) -> Option<&Arc<Proof>> {
        match self {
            Self::Proof(proof) => Some(proof),
            Self::Html(_) => None,
        }
    }
}

impl Question {
    /// All blocks of the five parts, in the order of the page.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        [&self.why, &self.strong, &self.weak, &self.follow_up, &self.sources].into_iter().flatten()
    }
}

impl Guide {
    /// All proofs, in the order of the pages.
    pub fn proofs(&self) -> impl Iterator<Item = &Arc<Proof>> {
        self.sections.iter().flat_map(|section| {
            let questions = section.questions.iter().flat_map(Question::blocks);
            section.intro.iter().chain(questions).filter_map(Block::proof)
        })
    }
}

impl Library {
    /// All proofs of all guides, by guide id and then in the order of the pages.
    pub fn proofs(&self) -> impl Iterator<Item = &Arc<Proof>> {
        self.guides.values().flat_map(|guide| guide.proofs())
    }
}

impl Project {
    /// SHA-256 over every file's name and bytes, as 64 hexadecimal digits. `project.toml` is one of the files, so
    /// nothing about the project can change and leave this the same.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (path, bytes) in &self.files {
            field(&mut hash, path.as_bytes());
            field(&mut hash, bytes);
        }
        hex(&hash.finalize())
    }
}

impl Proof {
    /// SHA-256 over the project, the code and the claims, as 64 hexadecimal digits: a result that was recorded
    /// under this key is void as soon as any of them changes.
    pub fn key(&self, project: &Project) -> String {
        let mut hash = Sha256::new();
        field(&mut hash, project.digest().as_bytes());
        field(&mut hash, self.code.as_bytes());
        match &self.output {
            Some(output) => field(&mut hash, output.as_bytes()),
            None => hash.update([0]),
        }
        match self.statements {
            Some(count) => field(&mut hash, &count.to_le_bytes()),
            None => hash.update([0]),
        }
        hex(&hash.finalize())
    }
}

/// Length first, so that no two different lists of fields hash the same. The leading 1 tells a field that is
/// empty from one that is absent.
fn field(hash: &mut Sha256, bytes: &[u8]) {
    hash.update([1]);
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
