// The names of kernels that files of several ISAs or tiles make from one text: a file defines
//   CNN_ISA   the instruction set, the end of every name,
//   CNN_TILE  the tile before it, where the file has one in its name.
#ifndef NAMES_H
#define NAMES_H

#define CNN_JOIN2(a, b) a##b
#define CNN_JOIN(a, b) CNN_JOIN2(a, b)

// `stem` ends in an underscore.
#define CNN_NAME(stem) CNN_JOIN(stem, CNN_ISA)
#define CNN_TILE_NAME(stem) CNN_JOIN(CNN_JOIN(stem, CNN_TILE), CNN_JOIN(_, CNN_ISA))

#endif
