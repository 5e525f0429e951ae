// ILGPU's launchers are an assembly of their own, made at run time, and name the kernels' types.
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("ILGPURuntime")]
