//! Elementary functions, distributions and small linear algebra.
//!
//! Exponential and logarithm are our own, made of IEEE 754 basic operations only, because the results of a platform's
//! mathematical library differ in the last bit from one platform to the next, and a stored posterior must replay bit for
//! bit everywhere.

mod distribution;
mod elementary;
mod matrix;

pub use distribution::{
    beta_inc, chi_squared_sf, gamma_p, gamma_q, ln_gamma, normal_cdf, normal_pdf, normal_quantile, normal_sf,
};
pub use elementary::{exp, ln, ln_1p_exp, logistic, logit};
pub use matrix::{Cholesky, Matrix};
