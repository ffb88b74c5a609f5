namespace MiniPlane.ApiServer.Outbound;

/// <summary>Reads another server's answer, but not more than a limit of it.</summary>
internal static class BoundedBody
{
    /// <exception cref="OutboundException">It is longer.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        byte[] block = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(block, cancellationToken)) > 0)
        {
            if (buffer.Length + read > limit)
            {
                throw new OutboundException($"the answer is longer than {limit} bytes");
            }

            await buffer.WriteAsync(block.AsMemory(0, read), cancellationToken);
        }

        return buffer.ToArray();
    }
}
