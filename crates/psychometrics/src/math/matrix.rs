//! Small dense matrices, row by row, and Cholesky's factor of a positive definite one.

/// A matrix of `rows` × `columns` numbers, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of noughts.
    #[must_use]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// The unit matrix.
    #[must_use]
    pub fn identity(size: usize) -> Self {
        let mut matrix = Self::zeros(size, size);
        for k in 0..size {
            matrix[(k, k)] = 1.0;
        }
        matrix
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One row, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The product with a vector of `columns` numbers.
    #[must_use]
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|row| self.row(row).iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
    }

    /// The product with another matrix, which has as many rows as this one has columns.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        let mut product = Self::zeros(self.rows, other.columns);
        for row in 0..self.rows {
            for (k, &factor) in self.row(row).iter().enumerate() {
                for (sum, value) in product.row_mut(row).iter_mut().zip(other.row(k)) {
                    *sum += factor * value;
                }
            }
        }
        product
    }

    /// Rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut turned = Self::zeros(self.columns, self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                turned[(column, row)] = self[(row, column)];
            }
        }
        turned
    }

    /// Cholesky's factor, or nothing when the matrix is not positive definite to working precision.
    #[must_use]
    pub fn cholesky(&self) -> Option<Cholesky> {
        let size = self.rows;
        let mut factor = Self::zeros(size, size);
        for row in 0..size {
            for column in 0..=row {
                let dot: f64 =
                    factor.row(row)[..column].iter().zip(&factor.row(column)[..column]).map(|(a, b)| a * b).sum();
                let rest = self[(row, column)] - dot;
                if row == column {
                    if rest.is_nan() || rest <= self[(row, row)].abs() * 1e-14 {
                        return None;
                    }
                    factor[(row, row)] = rest.sqrt();
                } else {
                    factor[(row, column)] = rest / factor[(column, column)];
                }
            }
        }
        Some(Cholesky { factor })
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.values[row * self.columns + column]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.values[row * self.columns + column]
    }
}

/// The lower triangle L of a positive definite matrix L Lᵀ.
#[derive(Clone, Debug)]
pub struct Cholesky {
    factor: Matrix,
}

impl Cholesky {
    /// The x with L Lᵀ x = `right`.
    #[must_use]
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = self.forward(right);
        for row in (0..x.len()).rev() {
            let done: f64 = (row + 1..x.len()).map(|k| self.factor[(k, row)] * x[k]).sum();
            x[row] = (x[row] - done) / self.factor[(row, row)];
        }
        x
    }

    /// The y with L y = `right`.
    #[must_use]
    pub fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut y = right.to_vec();
        for row in 0..y.len() {
            let done: f64 = self.factor.row(row)[..row].iter().zip(&y).map(|(a, b)| a * b).sum();
            y[row] = (y[row] - done) / self.factor[(row, row)];
        }
        y
    }

    /// L itself.
    #[must_use]
    pub fn lower(&self) -> &Matrix {
        &self.factor
    }

    /// The inverse of the whole matrix.
    #[must_use]
    pub fn inverse(&self) -> Matrix {
        let size = self.factor.rows();
        let mut inverse = Matrix::zeros(size, size);
        for column in 0..size {
            let mut unit = vec![0.0; size];
            unit[column] = 1.0;
            for (row, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[(row, column)] = value;
            }
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_inverts() {
        let mut matrix = Matrix::identity(3);
        for (row, values) in [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]].iter().enumerate() {
            matrix.row_mut(row).copy_from_slice(values);
        }
        let factor = matrix.cholesky().unwrap();
        let x = factor.solve(&[1.0, 2.0, 3.0]);
        for (found, wanted) in matrix.times(&x).iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - wanted).abs() < 1e-14);
        }
        let unit = matrix.multiply(&factor.inverse());
        for row in 0..3 {
            for column in 0..3 {
                assert!((unit[(row, column)] - f64::from(u8::from(row == column))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn refuses_what_is_not_positive_definite() {
        let mut matrix = Matrix::identity(2);
        matrix[(0, 1)] = 1.0;
        matrix[(1, 0)] = 1.0;
        assert!(matrix.cholesky().is_none());
        matrix[(0, 0)] = f64::NAN;
        assert!(matrix.cholesky().is_none());
    }
}
