// The instruction sets that files of one ISA are compiled for, by attribute: no compiler flags.
#ifndef TARGETS_H
#define TARGETS_H

#define CNN_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define CNN_AVX2 __attribute__((target("avx2,fma")))
// Every processor with AVX-512 has PREFETCHW.
#define CNN_AVX512                                                                                 \
  __attribute__((target("avx2,fma,bmi2,prfchw,avx512f,avx512bw,avx512dq,avx512vl")))
#define CNN_AVX512VNNI                                                                             \
  __attribute__((target("avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define CNN_AVX512AMX                                                                              \
  __attribute__((                                                                                  \
    target("avx2,fma,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,amx-tile,amx-int8")))
// Of vectors of 64 bytes without intrinsics, which training asks for only where there is AVX-512:
// other architectures' compilers split them.
#define CNN_WIDE CNN_AVX512
#elif defined(__aarch64__)
// The dot products of bytes, which the first Armv8 processors lack.
#define CNN_NEONDOT __attribute__((target("dotprod")))
#endif

#if !defined(CNN_WIDE)
#define CNN_WIDE
#endif

#endif
