using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace MiniPlane.StartupProfile;

/// <summary>Copies a method's signature (ECMA-335 II.23.2) from one assembly to another: the same but for the tokens of types.</summary>
internal sealed class SignatureCopy(MetadataReader reader, MetadataBuilder metadata, Func<EntityHandle, EntityHandle> import)
{
    public void Method(BlobReader source, BlobBuilder to) => Method(ref source, to);

    private void Method(ref BlobReader source, BlobBuilder to)
    {
        SignatureHeader header = source.ReadSignatureHeader();
        to.WriteByte(header.RawValue);
        if (header.IsGeneric)
        {
            Number(ref source, to);
        }

        int parameters = Number(ref source, to);
        for (int i = 0; i <= parameters; i++)
        {
            Type(ref source, to);
        }
    }

    private static int Number(ref BlobReader source, BlobBuilder to)
    {
        int number = source.ReadCompressedInteger();
        to.WriteCompressedInteger(number);
        return number;
    }

    private void Type(ref BlobReader source, BlobBuilder to)
    {
        int code = Number(ref source, to);
        switch ((SignatureTypeCode)code)
        {
            case SignatureTypeCode.Pointer or SignatureTypeCode.ByReference or SignatureTypeCode.SZArray or SignatureTypeCode.Pinned:
                Type(ref source, to);
                break;
            case SignatureTypeCode.RequiredModifier or SignatureTypeCode.OptionalModifier:
                Token(ref source, to);
                Type(ref source, to);
                break;
            case SignatureTypeCode.GenericTypeParameter or SignatureTypeCode.GenericMethodParameter:
                Number(ref source, to);
                break;
            case SignatureTypeCode.GenericTypeInstance:
                Number(ref source, to);
                Token(ref source, to);
                Types(ref source, to, Number(ref source, to));
                break;
            case SignatureTypeCode.FunctionPointer:
                Method(ref source, to);
                break;
            case SignatureTypeCode.Array:
                Type(ref source, to);
                Number(ref source, to);
                Numbers(ref source, to);
                Numbers(ref source, to);
                break;
            case (SignatureTypeCode)SignatureTypeKind.Class or (SignatureTypeCode)SignatureTypeKind.ValueType:
                Token(ref source, to);
                break;
        }
    }

    private void Types(ref BlobReader source, BlobBuilder to, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Type(ref source, to);
        }
    }

    private static void Numbers(ref BlobReader source, BlobBuilder to)
    {
        int count = Number(ref source, to);
        for (int i = 0; i < count; i++)
        {
            Number(ref source, to);
        }
    }

    private void Token(ref BlobReader source, BlobBuilder to)
    {
        EntityHandle handle = source.ReadTypeHandle();
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            BlobReader specification = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            var copy = new BlobBuilder();
            Type(ref specification, copy);
            to.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(metadata.AddTypeSpecification(metadata.GetOrAddBlob(copy))));
            return;
        }

        to.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(import(handle)));
    }
}
