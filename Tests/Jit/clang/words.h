// The words of CUDA C++ that generated kernels use, for clang as a CUDA front end without a toolkit.
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(n) __attribute__((launch_bounds(n)))
#define WORDS(name, reg) struct name##_t { __declspec(property(get = gx)) unsigned x; __declspec(property(get = gy)) unsigned y; __declspec(property(get = gz)) unsigned z; \
  static __device__ unsigned gx() { return __nvvm_read_ptx_sreg_##reg##_x(); } static __device__ unsigned gy() { return __nvvm_read_ptx_sreg_##reg##_y(); } static __device__ unsigned gz() { return __nvvm_read_ptx_sreg_##reg##_z(); } }; \
  extern const __device__ __attribute__((weak)) name##_t name;
WORDS(threadIdx, tid) WORDS(blockIdx, ctaid) WORDS(blockDim, ntid) WORDS(gridDim, nctaid)
#define PURE extern "C" __device__ __attribute__((const))
PURE float expf(float); PURE float exp2f(float); PURE float logf(float); PURE float log2f(float); PURE float log10f(float); PURE float powf(float, float); PURE float tanhf(float);
PURE float sinf(float); PURE float cosf(float); PURE float fmodf(float, float); PURE float ceilf(float); PURE float rintf(float); PURE float roundf(float); PURE float truncf(float);
#define SMALL static __device__ __forceinline__
SMALL float floorf(float x) { return __nvvm_floor_f(x); }
SMALL float fabsf(float x) { return __nvvm_fabs_f(x); }
SMALL float sqrtf(float x) { return __nvvm_sqrt_rn_f(x); }
SMALL float rsqrtf(float x) { return __nvvm_rsqrt_approx_f(x); }
SMALL int max(int a, int b) { return a > b ? a : b; }
SMALL int min(int a, int b) { return a < b ? a : b; }
SMALL int __float2int_rz(float x) { return __nvvm_f2i_rz(x); }
SMALL int __float_as_int(float x) { int i; __builtin_memcpy(&i, &x, 4); return i; }
SMALL float __int_as_float(int i) { float x; __builtin_memcpy(&x, &i, 4); return x; }
SMALL unsigned __float_as_uint(float x) { return (unsigned)__float_as_int(x); }
SMALL float __uint_as_float(unsigned i) { return __int_as_float((int)i); }
