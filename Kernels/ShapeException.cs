namespace IlgpuXai.Kernels;

/// <summary>Shapes that do not fit together. Thrown before anything is launched; one line: operation, what it got, what it expects.</summary>
public sealed class ShapeException(string message) : ArgumentException(message);
