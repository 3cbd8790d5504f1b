//! Credentials as they go from the instance to the candidate, to a company, and through the hands of those who forge them.

mod attacks;
mod badges;
mod bytes;
mod forge;
mod keys;
mod kit;
mod lists;
mod shown;
mod wallets;
