package org.transducer4j.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A picture of a function on a grid, dark where it is 0 and bright where it is 1, as a PNG in a data URI. */
final class Raster {
    /** From black by violet and orange to pale yellow: equal steps look equal, also without colour vision. */
    private static final int[][] COLORS = {
        {0, 0, 4},
        {28, 16, 68},
        {79, 18, 123},
        {129, 37, 129},
        {181, 54, 122},
        {229, 80, 100},
        {251, 135, 97},
        {254, 194, 135},
        {252, 253, 191}
    };

    /** What is drawn. */
    interface Values {
        /** The value of a column and a row from the top, 0 to 1. */
        double at(int column, int row);
    }

    /** Columns of a color scale. */
    private static final int SHADES = 256;

    private Raster() {}

    /** All colors side by side, from that of 0 to that of 1. */
    static String scale() {
        return png(SHADES, 1, (column, _) -> column / (SHADES - 1.0));
    }

    static String png(int columns, int rows, Values values) {
        BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                image.setRGB(column, row, color(values.at(column, row)));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static int color(double value) {
        double place = Math.clamp(Double.isNaN(value) ? 0 : value, 0, 1) * (COLORS.length - 1);
        int below = Math.min((int) place, COLORS.length - 2);
        double rest = place - below;
        int color = 0;
        for (int c = 0; c < 3; c++) {
            double mixed = COLORS[below][c] * (1 - rest) + COLORS[below + 1][c] * rest;
            color = color << 8 | (int) Math.round(mixed);
        }
        return color;
    }
}
