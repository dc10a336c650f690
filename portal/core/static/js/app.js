/* The page works without this file; each module below makes one thing quicker. */
