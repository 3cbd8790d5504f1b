//! Storing and resuming a session.

use super::choose::Next;
use super::error::StoredError;
use super::release::Release;
use super::state::State;
use crate::grid::NODES;
use crate::score::{Posterior, PosteriorError};

/// First bytes of a stored session; the last one is the version of the format.
const MARK: [u8; 4] = *b"jfa\x01";

impl Release {
    /// For storing a session of this release: mark and version, the release's fingerprint, seed, prior, excluded items,
    /// answers, and the posterior as a check. Numbers are little-endian.
    #[must_use]
    pub fn to_bytes(&self, state: &State) -> Vec<u8> {
        let mut bytes = MARK.to_vec();
        bytes.extend(self.fingerprint().to_le_bytes());
        bytes.extend(state.seed.to_le_bytes());
        bytes.extend(state.prior.iter().flat_map(|weight| weight.to_le_bytes()));
        bytes.extend((state.excluded.len() as u32).to_le_bytes());
        bytes.extend(state.excluded.iter().flat_map(|item| item.to_le_bytes()));
        bytes.extend((state.answers.len() as u32).to_le_bytes());
        for answer in &state.answers {
            bytes.extend(answer.item.to_le_bytes());
            bytes.push(answer.category);
            bytes.extend(answer.seconds.to_le_bytes());
        }
        bytes.extend((0..NODES).flat_map(|q| state.belief.weight(q).to_le_bytes()));
        bytes
    }

    /// What [`Release::to_bytes`] gave: the same state, bit for bit, made by giving the answers again and compared with the
    /// posterior that was stored.
    ///
    /// # Errors
    /// Bytes of another form, release or content.
    pub fn from_bytes(&self, bytes: &[u8]) -> Result<State, StoredError> {
        let mut rest = bytes.strip_prefix(&MARK).ok_or(StoredError::Form("they do not begin with its mark"))?;
        if u64::from_le_bytes(take(&mut rest)?) != self.fingerprint() {
            return Err(StoredError::OtherRelease);
        }
        let seed = u64::from_le_bytes(take(&mut rest)?);
        let mut prior = [0.0; NODES];
        for weight in &mut prior {
            *weight = f64::from_le_bytes(take(&mut rest)?);
        }
        let prior = posterior_of(&prior).map_err(|_| StoredError::Form("their prior is none"))?;
        let mut excluded = Vec::new();
        for _ in 0..u32::from_le_bytes(take(&mut rest)?) {
            excluded.push(u32::from_le_bytes(take(&mut rest)?));
        }
        let mut state = self.begin(&prior, seed, &excluded)?;
        for _ in 0..u32::from_le_bytes(take(&mut rest)?) {
            let (item, [category]) = (u32::from_le_bytes(take(&mut rest)?), take(&mut rest)?);
            self.answer(&mut state, item as usize, category, u32::from_le_bytes(take(&mut rest)?))?;
        }
        for q in 0..NODES {
            if f64::from_le_bytes(take(&mut rest)?).to_bits() != state.belief.weight(q).to_bits() {
                return Err(StoredError::Posterior);
            }
        }
        if rest.is_empty() { Ok(state) } else { Err(StoredError::Form("they go on after the end")) }
    }

    /// Gives the answers of a session again and looks whether each was to the item that is asked there: for an audit.
    ///
    /// # Errors
    /// The first answer that was not, or that this release does not take.
    pub fn audit(&self, state: &State) -> Result<(), StoredError> {
        let prior = posterior_of(&state.prior).map_err(|_| StoredError::Form("their prior is none"))?;
        let mut again = self.begin(&prior, state.seed, &state.excluded)?;
        for (place, answer) in state.answers.iter().enumerate() {
            if self.next(&again) != Next::Ask(answer.item as usize) {
                return Err(StoredError::OtherChoice(place + 1));
            }
            self.answer(&mut again, answer.item as usize, answer.category, answer.seconds)?;
        }
        if again == *state { Ok(()) } else { Err(StoredError::Posterior) }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], StoredError> {
    let (first, after) = rest.split_first_chunk::<N>().ok_or(StoredError::Form("they end too early"))?;
    *rest = after;
    Ok(*first)
}

/// The posterior of these weights.
pub(crate) fn posterior_of(weights: &[f64; NODES]) -> Result<Posterior, PosteriorError> {
    let mut bytes = Posterior::normal(0.0, 1.0)?.to_bytes();
    let before = bytes.len() - NODES * 8;
    bytes.truncate(before);
    bytes.extend(weights.iter().flat_map(|weight| weight.to_le_bytes()));
    Posterior::from_bytes(&bytes)
}
