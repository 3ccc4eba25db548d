package org.transducer4j.asr.train;

/** What a training does with a folder that holds one already. */
public enum Start {
    /** A folder with a run in it is refused. */
    FRESH,
    /** The run is continued where its last checkpoint stands; a folder without one starts a run. */
    RESUME,
    /** The run is deleted. */
    OVERWRITE
}
