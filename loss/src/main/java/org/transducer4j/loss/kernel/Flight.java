package org.transducer4j.loss.kernel;

import java.util.List;

/**
 * A group and the tiles that it is cut into.
 *
 * @param members its utterances
 * @param tileRows rows of a tile
 */
public record Flight(List<Member> members, long tileRows) {}
