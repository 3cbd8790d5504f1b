//! Closed lists: enums whose members stand in rows, forms and addresses by an id.
//!
//! `strum` derives what there is to derive, [`Code`] says it in the words of the product. An enum that has the three derives is a code;
//! what people read of one is its own method, a `match` that leaves no member out.
//!
//! ```
//! use jobfuture_codes::Code;
//! use strum::{EnumString, IntoStaticStr, VariantArray};
//!
//! #[derive(Debug, Clone, Copy, PartialEq, EnumString, IntoStaticStr, VariantArray)]
//! #[strum(serialize_all = "kebab-case")]
//! enum Work {
//!     FullTime,
//!     PartTime,
//! }
//!
//! assert_eq!(Work::FullTime.id(), "full-time");
//! assert_eq!(Work::parse("part-time"), Some(Work::PartTime));
//! assert_eq!(Work::parse("Part time"), None);
//! assert_eq!(Work::ALL, [Work::FullTime, Work::PartTime]);
//! ```

use std::str::FromStr;
use strum::VariantArray;

/// One of a closed list. Its id stands in rows: to rename a member is to need a migration.
pub trait Code: Copy + FromStr + Into<&'static str> + VariantArray {
    /// All of them, in the order in which they are declared and offered.
    const ALL: &'static [Self] = Self::VARIANTS;

    /// As it stands in rows, forms and addresses.
    fn id(self) -> &'static str {
        self.into()
    }

    /// The one of this id; nothing if there is none.
    fn parse(id: &str) -> Option<Self> {
        id.parse().ok()
    }
}

impl<T: Copy + FromStr + Into<&'static str> + VariantArray> Code for T {}
