namespace IlgpuXai.Engine;

/// <summary>Other shapes, parts and joins of tensors.</summary>
public static class ShapeOps
{
    /// <summary>The same elements in another shape, without a copy. One size may be −1: it is what remains.</summary>
    public static Tensor Reshape(this Tensor x, params ReadOnlySpan<int> shape)
    {
        var to = Resolve(x.Shape, shape);
        return x.Part(to, 0).DependsOn((x, dy => dy.Part(x.Shape, 0))).By(new ReshapeOperation());
    }

    /// <summary>Axes from <paramref name="startDim"/> on become one, without a copy: [N, C, H, W] → [N, C·H·W].</summary>
    public static Tensor Flatten(this Tensor x, int startDim = 1)
    {
        int start = x.Shape.Axis(startDim);
        return x.Reshape([.. x.Shape.Sizes[..start], x.Shape.Product(start..)]);
    }

    /// <summary>Elements start … start + length − 1 of an axis; along the first axis without a copy.</summary>
    public static Tensor Slice(this Tensor x, int axis, int start, int length)
    {
        axis = x.Shape.Axis(axis);
        if (start < 0 || length < 0 || start > x.Shape[axis] - length)
            throw new ShapeException($"slice: {start} … {(long)start + length - 1} lies outside axis {axis} of {x.Shape}");
        var (device, to) = (x.Device, x.Shape.With(axis, length));
        var s = new SliceShape(x.Shape.Product(..axis), x.Shape[axis], start, length, x.Shape.Product((axis + 1)..));
        var y = s.Outer == 1 ? x.Part(to, (long)start * s.Inner) : device.Compute(to, y => device.Slice.Extract(x.View, y, s));
        return y.DependsOn((x, dy => device.Compute(x.Shape, dx =>
        {
            device.Fill(dx, 0);
            device.Slice.Insert(dy.View, dx, s);
        })));
    }

    extension(Tensor)
    {
        /// <summary>Tensors one behind the other along an axis; the other axes must agree: <c>Tensor.Concat(1, a, b)</c>.</summary>
        public static Tensor Concat(int axis, params ReadOnlySpan<Tensor> parts)
        {
            var shape = Joined(axis, parts);
            var (device, edges, offset) = (parts[0].Device, new List<Edge>(), 0);
            axis = shape.Axis(axis);
            var y = device.Empty(shape);
            foreach (var part in parts)
            {
                var s = new SliceShape(shape.Product(..axis), shape[axis], offset, part.Shape[axis], shape.Product((axis + 1)..));
                device.Slice.Insert(part.View, y.View, s);
                edges.Add((part, dy => device.Compute(part.Shape, d => device.Slice.Extract(dy.View, d, s))));
                offset += s.Part;
            }
            return y.DependsOn([.. edges]).By(new ConcatOperation(axis));
        }
    }

    static Shape Joined(int axis, ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty) throw new ShapeException("concat: no tensors were given");
        var first = parts[0].Shape;
        int whole = 0;
        foreach (var part in parts)
        {
            if (part.Shape.Rank != first.Rank || part.Shape.With(axis, first[first.Axis(axis)]) != first)
                throw new ShapeException($"concat: {first} and {part.Shape} differ in more than axis {axis}");
            whole += part.Shape[first.Axis(axis)];
        }
        return first.With(axis, whole);
    }

    static Shape Resolve(Shape from, ReadOnlySpan<int> sizes)
    {
        int free = sizes.IndexOf(-1), known = 1;
        foreach (int size in sizes) known *= size == -1 ? 1 : size;
        var to = free < 0 || known == 0 ? Shape.Create(sizes) : Shape.Create([.. sizes[..free], from.Elements / known, .. sizes[(free + 1)..]]);
        return to.Elements == from.Elements ? to : throw new ShapeException($"reshape: {from} holds {from.Elements} elements, {to} holds {to.Elements}");
    }
}
