import type { Page } from '@playwright/test';

/** Texts of the page whose contrast with what lies behind them is below a ratio, each with the ratio it has. */
export async function lowContrast(page: Page, least: number): Promise<readonly string[]> {
  return await page.evaluate((wanted) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (canvas === null) throw new Error('this browser cannot draw');
    const paint = canvas;

    function pixel(colors: readonly string[]): readonly number[] {
      paint.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        paint.fillStyle = color;
        paint.fillRect(0, 0, 1, 1);
      }
      return [...paint.getImageData(0, 0, 1, 1).data];
    }

    function luminance(color: readonly number[]): number {
      const [red = 0, green = 0, blue = 0] = color.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }

    /** Backgrounds from the page's own to the element's. */
    function layers(element: Element | null): readonly string[] {
      if (element === null) return ['white'];
      return [...layers(element.parentElement), getComputedStyle(element).backgroundColor];
    }

    function ratio(element: Element): number {
      const behind = layers(element);
      const back = luminance(pixel(behind));
      const front = luminance(pixel([...behind, getComputedStyle(element).color]));
      return (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    }

    function hasOwnText(element: Element): boolean {
      return [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      );
    }

    return [...document.body.querySelectorAll('*')]
      .filter(
        (element) => hasOwnText(element) && element.checkVisibility() && element.closest('svg') === null,
      )
      .map((element) => ({ text: element.textContent?.trim().slice(0, 40) ?? '', ratio: ratio(element) }))
      .filter((each) => each.ratio < wanted)
      .map((each) => `${each.ratio.toFixed(2)}: ${each.text}`);
  }, least);
}
