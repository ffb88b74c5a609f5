using System.Runtime.CompilerServices;
using System.Text;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Protobuf;

/// <summary>A type's fields in the order of their numbers, which is the order of upstream's encoders; kept as long as the type.</summary>
internal sealed class MessageLayout
{
    private static readonly ConditionalWeakTable<TypeDefinition, MessageLayout> Layouts = [];

    private MessageLayout(TypeDefinition type)
    {
        Fields =
        [
            .. type.Fields
                .Where(field => field.ProtoNumber > 0)
                .OrderBy(field => (int[])[.. field.ProtoEmbedding, field.ProtoNumber], NumberOrder.Instance)
                .Select(field => new Entry(Encoding.UTF8.GetBytes(field.Name), field)),
        ];
    }

    public Entry[] Fields { get; }

    public static MessageLayout Of(TypeDefinition type) => Layouts.GetValue(type, static one => new MessageLayout(one));

    internal readonly record struct Entry(byte[] Name, FieldDefinition Field);

    private sealed class NumberOrder : IComparer<int[]>
    {
        public static readonly NumberOrder Instance = new();

        public int Compare(int[]? left, int[]? right) => left.AsSpan().SequenceCompareTo(right);
    }
}
