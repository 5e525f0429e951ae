// CUDA C++ for a host compiler: included before every kernel text. Shared arrays are static, because one group runs at a time.
#include "emulated.h"
#include <math.h>
#undef INFINITY                                         // the run-time compiler has no such macros
#undef NAN
#undef HUGE_VAL
#undef HUGE_VALF

extern "C" { emulated_state* emulated; const emulated_calls* emulated_call; }
extern "C" __attribute__((weak, visibility("hidden"))) char __start_emulated_shared[], __stop_emulated_shared[];

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __shared__ static __attribute__((section("emulated_shared")))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define threadIdx (emulated->thread)
#define blockIdx (emulated->block)
#define blockDim (emulated->group)
#define gridDim (emulated->grid)
#define warpSize 32

typedef unsigned long long emulated_u64;

inline int emulated_barrier(int p, int* n) { int count; emulated_call->barrier(p, &count, n); return count; }
inline void __syncthreads() { int n; emulated_barrier(0, &n); }
inline int __syncthreads_count(int p) { int n; return emulated_barrier(p != 0, &n); }
inline int __syncthreads_and(int p) { int n; return emulated_barrier(p != 0, &n) == n; }
inline int __syncthreads_or(int p) { int n; return emulated_barrier(p != 0, &n) != 0; }
inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
inline void __trap() { emulated_call->trap(); }

template <class T> T emulated_exchange(unsigned mask, T value, int source) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "a shuffle moves 32 or 64 bits");
    emulated_u64 bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    bits = emulated_call->exchange(mask, bits, source);
    __builtin_memcpy(&value, &bits, sizeof(T));
    return value;
}
template <class T> T __shfl_sync(unsigned mask, T v, int source, int width = 32) { return emulated_exchange(mask, v, (emulated->lane & ~(width - 1)) + (source & (width - 1))); }
template <class T> T __shfl_up_sync(unsigned mask, T v, unsigned d, int width = 32) {
    int lane = emulated->lane, from = lane - (int)d;
    return emulated_exchange(mask, v, from < (lane & ~(width - 1)) ? lane : from);
}
template <class T> T __shfl_down_sync(unsigned mask, T v, unsigned d, int width = 32) {
    int lane = emulated->lane;
    return emulated_exchange(mask, v, (lane & (width - 1)) + (int)d >= width ? lane : lane + (int)d);
}
template <class T> T __shfl_xor_sync(unsigned mask, T v, int bits, int width = 32) {
    int lane = emulated->lane, from = lane ^ bits;
    return emulated_exchange(mask, v, from >= (lane & ~(width - 1)) + width ? lane : from);
}
inline unsigned __ballot_sync(unsigned mask, int p) { return emulated_call->ballot(mask, p != 0); }
inline int __any_sync(unsigned mask, int p) { return __ballot_sync(mask, p) != 0; }
inline int __all_sync(unsigned mask, int p) { return __ballot_sync(mask, !p) == 0; }
inline void __syncwarp(unsigned mask = 0xffffffffu) { emulated_call->ballot(mask, 0); }

// Atomics: no thread runs between the load and the store. Exactly the overloads that CUDA has.
#define EMULATED_ATOMIC(name, T, next) inline T name(T* p, T v) { T old = *p; *p = next; return old; }
#define EMULATED_INTEGERS(name, next) EMULATED_ATOMIC(name, int, next) EMULATED_ATOMIC(name, unsigned, next) EMULATED_ATOMIC(name, emulated_u64, next)
#define EMULATED_SIGNED_TOO(name, next) EMULATED_INTEGERS(name, next) EMULATED_ATOMIC(name, long long, next)
EMULATED_INTEGERS(atomicAdd, (decltype(v))((emulated_u64)old + (emulated_u64)v))
EMULATED_ATOMIC(atomicAdd, float, old + v)
EMULATED_ATOMIC(atomicAdd, double, old + v)
EMULATED_ATOMIC(atomicSub, int, (int)((unsigned)old - (unsigned)v))
EMULATED_ATOMIC(atomicSub, unsigned, old - v)
EMULATED_INTEGERS(atomicAnd, old & v)
EMULATED_INTEGERS(atomicOr, old | v)
EMULATED_INTEGERS(atomicXor, old ^ v)
EMULATED_SIGNED_TOO(atomicMin, old < v ? old : v)
EMULATED_SIGNED_TOO(atomicMax, old > v ? old : v)
EMULATED_INTEGERS(atomicExch, v)
EMULATED_ATOMIC(atomicExch, float, v)
#define EMULATED_CAS(T) inline T atomicCAS(T* p, T expected, T v) { T old = *p; if (old == expected) *p = v; return old; }
EMULATED_CAS(int) EMULATED_CAS(unsigned) EMULATED_CAS(emulated_u64)

template <class T, class F> inline T emulated_bits(F from) { static_assert(sizeof(T) == sizeof(F), ""); T to; __builtin_memcpy(&to, &from, sizeof to); return to; }
inline unsigned __float_as_uint(float x) { return emulated_bits<unsigned>(x); }
inline int __float_as_int(float x) { return emulated_bits<int>(x); }
inline float __uint_as_float(unsigned x) { return emulated_bits<float>(x); }
inline float __int_as_float(int x) { return emulated_bits<float>(x); }
inline long long __double_as_longlong(double x) { return emulated_bits<long long>(x); }
inline double __longlong_as_double(long long x) { return emulated_bits<double>(x); }

// Conversions saturate. Not a number becomes 0 in 32 bits, and only the highest bit in 64, as the PTX manual says of cvt.
inline int __float2int_rz(float x) { return x != x ? 0 : x >= 2147483648.f ? 0x7fffffff : x < -2147483648.f ? -0x7fffffff - 1 : (int)x; }
inline unsigned __float2uint_rz(float x) { return !(x > 0) ? 0 : x >= 4294967296.f ? 0xffffffffu : (unsigned)x; }
inline long long __float2ll_rz(float x) { return x != x || x < -9223372036854775808.f ? -0x7fffffffffffffffLL - 1 : x >= 9223372036854775808.f ? 0x7fffffffffffffffLL : (long long)x; }
inline emulated_u64 __float2ull_rz(float x) { return x != x ? 1ull << 63 : x <= 0 ? 0 : x >= 18446744073709551616.f ? ~0ull : (emulated_u64)x; }

inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(emulated_u64 x) { return __builtin_popcountll(x); }
inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
inline int __clzll(long long x) { return x ? __builtin_clzll((emulated_u64)x) : 64; }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline unsigned __brev(unsigned x) { unsigned r = 0; for (int i = 0; i < 32; i++) r |= (x >> i & 1) << (31 - i); return r; }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((emulated_u64)a * b >> 32); }
inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
inline emulated_u64 __umul64hi(emulated_u64 a, emulated_u64 b) { return (emulated_u64)((unsigned __int128)a * b >> 64); }
inline long long __mul64hi(long long a, long long b) { return (long long)((__int128)a * b >> 64); }
template <class T> inline T __ldg(const T* p) { return *p; }

inline float rsqrtf(float x) { return 1 / sqrtf(x); }
#define EMULATED_MINMAX(R, A, B) inline R min(A a, B b) { return (R)a < (R)b ? (R)a : (R)b; } inline R max(A a, B b) { return (R)a > (R)b ? (R)a : (R)b; }
EMULATED_MINMAX(int, int, int)
EMULATED_MINMAX(unsigned, unsigned, unsigned)
EMULATED_MINMAX(unsigned, int, unsigned)
EMULATED_MINMAX(unsigned, unsigned, int)
EMULATED_MINMAX(long long, long long, long long)
EMULATED_MINMAX(emulated_u64, emulated_u64, emulated_u64)
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }

// Calls a kernel with its arguments by address.
template <class T> inline T emulated_argument(void** args, int& k) { T value; __builtin_memcpy(&value, args[k++], sizeof(T)); return value; }
template <class... A> void emulated_run(void (*kernel)(A...), void** args) {
    int k = 0;
    struct apply { apply(void (*kernel)(A...), A... a) { kernel(a...); } };
    apply{kernel, emulated_argument<A>(args, k)...};    // braces: evaluated from left to right
}
template <class... A> void emulated_describe(void (*)(A...), emulated_kernel* k) {
    int n = 0;
    (void)(int[]){0, (k->sizes[n++] = (int)sizeof(A))...};
    k->parameters = n;
    k->shared = __start_emulated_shared;
    k->shared_bytes = __stop_emulated_shared - __start_emulated_shared;
}
