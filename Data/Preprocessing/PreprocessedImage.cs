namespace IlgpuXai.Data;

/// <summary>A picture as a network's input.</summary>
/// <param name="Picture">8 bits, 1 or 3 channels, of the size of the input: what overlays are drawn on.</param>
/// <param name="Values">[C, H, W], normalised.</param>
/// <param name="Note">What was changed to make it fit, null if nothing but the numbers.</param>
public sealed record PreprocessedImage(Image Picture, float[] Values, string? Note);
