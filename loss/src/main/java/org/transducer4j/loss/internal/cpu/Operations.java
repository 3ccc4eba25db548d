package org.transducer4j.loss.internal.cpu;

/**
 * The inner loops that a float32 provider brings. Arrays are addressed as (array, offset, length), a length is a multiple
 * of {@link #lanes}; none allocates.
 *
 * <p>Each must give the same bits in the interpreter and compiled: no fused operation that the compiler may choose, no
 * reduction whose order is left open, no library function that differs between them.
 */
public interface Operations {
    /**
     * Rows of a strip, see {@link Strips}.
     *
     * @return a multiple of {@link #blockRows}
     */
    int strip();

    /**
     * Rows of a block of the matrix product.
     *
     * @return their number
     */
    int blockRows();

    /**
     * Rows of a block of the outer product, a divisor of {@link #lanes} or a multiple.
     *
     * @return their number
     */
    int outerRows();

    /**
     * Columns of the blocks, in vectors.
     *
     * @return of the block that most of a product is made of
     */
    int wide();

    /**
     * Columns of the blocks, in vectors.
     *
     * @return of the block for what is left beside those
     */
    int narrow();

    /**
     * Elements of a vector.
     *
     * @return how many columns of a row stand together in a strip
     */
    int lanes();

    /**
     * C = A B or C += A B for one block, summed over k in order.
     *
     * @param a a strip: element (i, k) at a[ao + (k / lanes) strip lanes + i lanes + k % lanes]
     * @param ao offset
     * @param b packed panel: element (k, j) at b[bo + k vectors lanes + j]
     * @param bo offset
     * @param depth number of k
     * @param vectors columns, in vectors: {@link #wide} or {@link #narrow}
     * @param c the block, element (i, j) at c[co + i ldc + (j / lanes) cVector + j % lanes]
     * @param co offset
     * @param cVector from a vector of C to the one on its right
     * @param ldc stride of rows
     * @param add whether the product is added to C
     */
    void block(
            float[] a,
            int ao,
            float[] b,
            int bo,
            int depth,
            int vectors,
            float[] c,
            int co,
            int cVector,
            int ldc,
            boolean add);

    /**
     * C += A^T B for one block, summed over the rows of A and B in order; both are in strips.
     *
     * @param a element (r, i) at a[ao + (r / strip) aStrip + (r % strip) lanes + i] where i is less than lanes
     * @param ao offset
     * @param aStrip from a strip to the next
     * @param b element (r, j) at b[bo + (r / strip) bStrip + (j / lanes) strip lanes + (r % strip) lanes + j % lanes]
     * @param bo offset
     * @param bStrip from a strip to the next
     * @param rows of A and B
     * @param vectors columns, in vectors: {@link #wide} or {@link #narrow}
     * @param c the block of {@link #outerRows} rows, element (i, j) at c[co + i ldc + (j / lanes) cVector + j % lanes]
     * @param co offset
     * @param cVector from a vector of C to the one on its right
     * @param ldc stride of rows
     */
    void outer(
            float[] a,
            int ao,
            int aStrip,
            float[] b,
            int bo,
            int bStrip,
            int rows,
            int vectors,
            float[] c,
            int co,
            int cVector,
            int ldc);

    /** y = factor x for a number of vectors, those of x xStep apart, those of y yStep apart; x and y may be the same. */
    void scale(float[] x, int xo, int xStep, float factor, float[] y, int yo, int yStep, int vectors);

    /** h = tanh(e + p) of n elements, whose vectors are written hStep apart. */
    void tanh(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n);

    /** h = max(0, e + p) of n elements, whose vectors are written hStep apart. */
    void relu(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n);

    /** h = 1 / (1 + exp(-(e + p))) of n elements, whose vectors are written hStep apart. */
    void sigmoid(float[] e, int eo, float[] p, int po, float[] h, int ho, int hStep, int n);

    /** x += f d (1 - h^2) and y += f d (1 - h^2); h and d begin at the same index. */
    void addTanhGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n);

    /** x += f d and y += f d where h is positive; h and d begin at the same index. */
    void addReluGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n);

    /** x += f d h (1 - h) and y += f d h (1 - h); h and d begin at the same index. */
    void addSigmoidGradient(float[] h, float[] d, int from, float f, float[] x, int xo, float[] y, int yo, int n);

    /** The largest of n elements of z, whose vectors are a step apart; any number where one is NaN. */
    float max(float[] z, int zo, int step, int n);

    /**
     * z = exp(z - shift) for n elements, whose vectors are a step apart, where no difference is above 88.
     *
     * @return the sum of the results; NaN if one is NaN
     */
    float exp(float[] z, int zo, int step, int n, float shift);

    /**
     * z = exp(z - the largest) for n elements one after the other.
     *
     * @return log sum exp of what z was; NaN if a score was NaN or +infinity
     */
    default double logSumExp(float[] z, int zo, int n) {
        float max = max(z, zo, lanes(), n);
        return max + Math.log(exp(z, zo, lanes(), n, max));
    }

    /** The sum of any number of elements, in a fixed order: four sums side by side, as additions wait for one another. */
    static float sum(float[] z, int zo, int n) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = zo;
        int end = zo + n;
        for (; i + 3 < end; i += 4) {
            a += z[i];
            b += z[i + 1];
            c += z[i + 2];
            d += z[i + 3];
        }
        for (; i < end; i++) {
            a += z[i];
        }
        return (a + b) + (c + d);
    }

    /**
     * The largest element of each of a number of rows of any length, which lie one behind the other; any number where one is NaN.
     * Up to {@link #lanes} elements behind them may be read.
     */
    void rowMaxima(float[] z, int zo, int length, int rows, float[] max, int mo);

    /**
     * y = factor exp(z - shift), each row with its own; rows of any length lie one behind the other. Up to {@link #lanes} elements
     * behind them may be read and written.
     */
    void rowExponentials(
            float[] z, int zo, int length, int rows, float[] shift, int so, float[] factor, int fo, float[] y, int yo);

    /** log 0 of the recursion over a lattice: finite, so that a difference of two isn't NaN. What is less becomes it. */
    double NEVER = -1e300;

    /**
     * A wave of nodes that can be reached from two nodes each: the forward score of node i is the log-sum of that of node from + i
     * with its blank and of node from + i - 1 with its label. Up to {@link #lanes} elements more than n may be read and
     * written. Arrays are indexed by node.
     *
     * @param alpha forward scores
     * @param blank log P(blank)
     * @param label log P(next label)
     * @param from the first node reached from, by blank
     * @param to the first node of the wave
     * @param n nodes of the wave
     */
    void forward(double[] alpha, float[] blank, float[] label, int from, int to, int n);

    /**
     * A wave of nodes backward: edge posteriors take the place of the edges' log-probabilities, and the wave's backward scores
     * that of those one wave on. Up to {@link #lanes} elements more than n may be read; so many in beta become NEVER.
     *
     * @param alpha forward scores, by node
     * @param blank log P(blank), by node
     * @param label log P(next label), by node
     * @param at the wave's first node
     * @param beta backward scores by label position; of the wave behind this one, then of this one
     * @param u the first node's label position
     * @param n nodes of the wave
     * @param logP log P of all paths
     */
    void backward(double[] alpha, float[] blank, float[] label, int at, double[] beta, int u, int n, double logP);

    /**
     * z = log(exp x + exp y) for n elements; what is below NEVER counts as NEVER. Up to {@link #lanes} elements more may be read and
     * written.
     */
    void logAdd(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n);

    /** p = exp(alpha + beta - logP) for n elements. Up to {@link #lanes} elements more may be read and written. */
    void posteriors(double[] alpha, int ao, double[] beta, int bo, double logP, float[] p, int po, int n);
}
